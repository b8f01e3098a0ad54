import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { parse } from '../http/problem';
import type { Neighbour, NeighbourContext } from '../neighbour';
import { accountsRoutes } from './accounts-routes';
import { ConnectLedger } from './connect-ledger';
import { SavedAnswers } from './saved-answers';
import { answerStripeErrors } from './stripe-error';
import { transfersRoutes } from './transfers-routes';

/** As much of Stripe Connect as payouts need: accounts, onboarding, transfers. */
export function stripe({ behaviour, baseUrl }: NeighbourContext): Neighbour {
  const prefix = '/stripe';
  const [ledger, answers] = [new ConnectLedger(), new SavedAnswers()];
  return {
    prefix,
    api: async (app) => {
      answerStripeErrors(app);
      app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
      );
      await app.register(accountsRoutes(ledger, answers, behaviour, `${baseUrl}${prefix}`));
      await app.register(transfersRoutes(ledger, answers, behaviour));
    },
    controls: stripeControls(ledger),
  };
}

/** The tests' witness for what was paid out. */
function stripeControls(ledger: ConnectLedger): FastifyPluginAsync {
  return async (app) => {
    app.get('/stripe/transfers', async ({ query }) => {
      const { transferGroup } = parse(z.object({ transferGroup: z.string().optional() }), query);
      return {
        transfers: ledger.list(transferGroup).map(({ id, currency, destination, ...transfer }) => ({
          transferId: id, ...transfer, currency: currency.toUpperCase(), destination, tenantId: ledger.account(destination).tenantId,
        })),
      };
    });
  };
}

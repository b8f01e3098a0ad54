import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { BehaviourRegister } from '../behaviour/behaviour-register';
import type { Account, ConnectLedger } from './connect-ledger';
import type { SavedAnswers } from './saved-answers';
import { StripeError } from './stripe-error';
import { keyOf } from './transfers-routes';

const accountRequest = z.object({ 'metadata[tenantId]': z.string().min(1), default_currency: z.string().regex(/^[a-z]{3}$/) });
const linkRequest = z.object({ account: z.string().min(1), return_url: z.url(), refresh_url: z.url(), type: z.literal('account_onboarding') });
const LINK_LIVES_SECONDS = 300;

interface ById { Params: { id: string }; Querystring: { return_url?: string } }

/** Connected accounts, their onboarding links and the page that these lead to. */
export function accountsRoutes(ledger: ConnectLedger, answers: SavedAnswers, behaviour: BehaviourRegister, base: string): FastifyPluginAsync {
  /** Under `complete` everybody who was sent to the page has been there; under `manual` the page itself has to be opened. */
  const current = (account: Account): Account => {
    const { stripeOnboarding } = behaviour.of(account.tenantId);
    return account.verified || stripeOnboarding !== 'complete' ? account : ledger.verify(account.id);
  };
  const view = ({ id, currency, tenantId, verified }: Account): object => ({
    id, object: 'account', type: 'express', default_currency: currency, payouts_enabled: verified, details_submitted: verified, metadata: { tenantId },
  });
  return async (app) => {
    app.post('/v1/accounts', async (request) => {
      const parameters = valid(accountRequest, request.body);
      const key = keyOf(request.headers['idempotency-key']);
      const { stripeKeyKeptMs } = behaviour.of(parameters['metadata[tenantId]']);
      const earlier = key === null ? undefined : answers.find(key, parameters, stripeKeyKeptMs);
      if (earlier) return earlier.body;
      const body = view(ledger.open(parameters['metadata[tenantId]'], parameters.default_currency));
      return key === null ? body : answers.save(key, parameters, { status: 200, body }).body;
    });

    app.get<ById>('/v1/accounts/:id', async ({ params }) => view(current(ledger.account(params.id))));

    app.post('/v1/account_links', async ({ body }) => {
      const { account, return_url: returnUrl } = valid(linkRequest, body);
      const { id } = ledger.account(account);
      const now = Math.floor(Date.now() / 1_000);
      return { object: 'account_link', created: now, expires_at: now + LINK_LIVES_SECONDS, url: `${base}/onboarding/${id}?${new URLSearchParams({ return_url: returnUrl })}` };
    });

    app.get<ById>('/onboarding/:id', async ({ params, query }, reply) => {
      const { stripeOnboarding } = behaviour.of(ledger.account(params.id).tenantId);
      if (stripeOnboarding !== 'refuse') ledger.verify(params.id);
      return query.return_url === undefined ? reply.send({ onboarding: stripeOnboarding }) : reply.redirect(query.return_url, 303);
    });
  };
}

function valid<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new StripeError(400, 'invalid_request_error', 'parameter_invalid', z.prettifyError(result.error).replaceAll('\n', ' '));
}

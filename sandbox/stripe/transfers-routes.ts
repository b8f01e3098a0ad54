import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Behaviour } from '../behaviour/behaviour';
import type { BehaviourRegister } from '../behaviour/behaviour-register';
import { holdTheAnswer } from '../http/held-answer';
import type { ConnectLedger, Transfer } from './connect-ledger';
import type { SavedAnswer, SavedAnswers } from './saved-answers';
import { StripeError } from './stripe-error';

const transferRequest = z.object({
  amount: z.string().regex(/^[1-9]\d{0,11}$/), currency: z.string().regex(/^[a-z]{3}$/), destination: z.string().min(1), transfer_group: z.string().optional(),
});
type TransferRequest = z.infer<typeof transferRequest>;

const LISTED = z.object({ transfer_group: z.string().optional(), limit: z.coerce.number().int().min(1).max(100).default(10) });

/** Transfers to connected accounts, with every way in which Stripe may answer (`transfer`). */
export function transfersRoutes(ledger: ConnectLedger, answers: SavedAnswers, behaviour: BehaviourRegister): FastifyPluginAsync {
  return async (app) => {
    app.get('/v1/transfers', async ({ query }) => {
      const { transfer_group: group, limit } = LISTED.parse(query);
      const found = ledger.list(group);
      return { object: 'list', url: '/v1/transfers', has_more: found.length > limit, data: found.slice(0, limit).map(transferView) };
    });

    app.post('/v1/transfers', async (request, reply) => {
      const parameters = parsed(request.body);
      const key = keyOf(request.headers['idempotency-key']);
      const { tenantId } = ledger.account(parameters.destination);
      const { transfer: manner, stripeKeyKeptMs } = behaviour.of(tenantId);
      if (manner === 'rate_limited') throw new StripeError(429, 'rate_limit_error', 'rate_limit', 'Too many requests');
      const earlier = key === null ? undefined : answers.find(key, parameters, stripeKeyKeptMs);
      const answer = earlier ?? perform(manner, parameters, key);
      if (earlier === undefined && key !== null) answers.save(key, parameters, answer);
      if (manner === 'timeout_after_effect') return holdTheAnswer(reply);
      return sent(reply, answer);
    });
  };

  function perform(manner: Behaviour['transfer'], parameters: TransferRequest, key: string | null): SavedAnswer {
    if (manner === 'refuse') return refusal(new StripeError(400, 'invalid_request_error', 'account_closed', 'The destination account cannot receive transfers.'));
    if (manner === 'error500') return refusal(new StripeError(500, 'api_error', null, 'An unknown error occurred'));
    const { amount, currency, destination, transfer_group: group = null } = parameters;
    const moved = ledger.move({ idempotencyKey: key, amountMinor: amount, currency, destination, transferGroup: group });
    if (manner === 'error500_after_effect') return refusal(new StripeError(500, 'api_error', null, 'An unknown error occurred'));
    return { status: 200, body: transferView(moved) };
  }
}

function refusal({ status, body }: StripeError): SavedAnswer {
  return { status, body };
}

function sent(reply: FastifyReply, { status, body }: SavedAnswer): FastifyReply {
  return reply.status(status).send(body);
}

function parsed(body: unknown): TransferRequest {
  const result = transferRequest.safeParse(body);
  if (result.success) return result.data;
  throw new StripeError(400, 'invalid_request_error', 'parameter_invalid', z.prettifyError(result.error).replaceAll('\n', ' '));
}

export function keyOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header : null;
}

function transferView({ id, amountMinor, currency, destination, transferGroup }: Transfer): object {
  return { id, object: 'transfer', amount: Number(amountMinor), amount_reversed: 0, currency, destination, transfer_group: transferGroup, reversed: false };
}

import type { FastifyPluginAsync } from 'fastify';
import { idempotencyKeyOf, parse, Problem } from '../http/problem';
import type { Cashier } from './cashier';
import type { Payment, Refund } from './payment';
import { refundRequest } from './requests';

interface ById { Params: { id: string } }
interface ByKey { Querystring: { idempotencyKey?: string } }

/** Asking, cancelling and refunding: everything of billing's API but the process call. */
export function paymentsRoutes(cashier: Cashier): FastifyPluginAsync {
  return async (app) => {
    app.get<ByKey>('/api/v1/payments', async ({ query }) => paymentView(cashier.paymentByKey(keyIn(query))));

    app.post<ById>('/api/v1/payments/:id/cancel', async (request) =>
      paymentView(cashier.cancel(request.params.id, idempotencyKeyOf(request))),
    );

    app.post<ById>('/api/v1/payments/:id/refunds', async (request, reply) => {
      const refund = cashier.refund(request.params.id, idempotencyKeyOf(request), parse(refundRequest, request.body));
      return reply.status(202).send(refundView(refund));
    });

    app.get<ById & ByKey>('/api/v1/payments/:id/refunds', async ({ params, query }) =>
      refundView(cashier.refundByKey(params.id, keyIn(query))),
    );
  };
}

function keyIn({ idempotencyKey }: ByKey['Querystring']): string {
  if (idempotencyKey !== undefined && idempotencyKey !== '') return idempotencyKey;
  throw new Problem(400, 'idempotency-key-missing', 'ask with ?idempotencyKey=');
}

function paymentView({ paymentId, status, amountMinor, currency, taxRecordId }: Payment): object {
  return { paymentId, status, netAmountMinor: amountMinor.toString(), currency, taxRecordId };
}

function refundView({ refundId, status, amountMinor }: Refund): object {
  return { refundId, status, netAmountMinor: amountMinor.toString() };
}

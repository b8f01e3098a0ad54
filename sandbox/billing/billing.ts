import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { parse } from '../http/problem';
import type { Neighbour, NeighbourContext } from '../neighbour';
import { Cashier } from './cashier';
import { hostedPage } from './hosted-page';
import type { Payment } from './payment';
import { paymentsRoutes } from './payments-routes';
import { processRoute } from './process-route';

/** billing-service: takes and gives back money, and tells what it did by events. */
export function billing({ behaviour, outlet, baseUrl }: NeighbourContext): Neighbour {
  const prefix = '/billing';
  const cashier = new Cashier(behaviour, outlet);
  const pageOf = (payment: Payment): string => `${baseUrl}${prefix}/pay/${payment.paymentId}`;
  return {
    prefix,
    api: async (app) => {
      await app.register(processRoute(cashier, behaviour, pageOf));
      await app.register(paymentsRoutes(cashier));
      await app.register(hostedPage(cashier));
    },
    controls: billingControls(cashier),
    stop: () => cashier.stop(),
  };
}

function billingControls(cashier: Cashier): FastifyPluginAsync {
  return async (app) => {
    app.get('/billing/payments', async ({ query }) => {
      const asked = parse(z.union([z.object({ orderId: z.string() }), z.object({ changedAfter: z.coerce.number().int().min(0) })]), query);
      if ('orderId' in asked) return { payments: cashier.paymentsOf(asked.orderId).map(witnessed) };
      const { payments, position } = cashier.changedAfter(asked.changedAfter);
      return { payments: payments.map((payment) => ({ ...witnessed(payment), orderId: payment.orderId })), position };
    });

    app.post('/disputes', async ({ body }, reply) => {
      const { paymentId } = parse(z.strictObject({ paymentId: z.string() }), body);
      const { refundId, amountMinor } = cashier.dispute(paymentId);
      return reply.status(201).send({ refundId, netAmountMinor: amountMinor.toString() });
    });
  };
}

/** The tests' witness for money: only `succeeded` took any. */
function witnessed(payment: Payment): object {
  const { paymentId, idempotencyKey, status, currency, amountMinor, refunds } = payment;
  return {
    paymentId,
    idempotencyKey,
    status,
    netAmountMinor: amountMinor.toString(),
    currency,
    refunds: refunds.map((refund) => ({
      refundId: refund.refundId,
      idempotencyKey: refund.idempotencyKey ?? null,
      status: refund.status,
      netAmountMinor: refund.amountMinor.toString(),
      reason: refund.reason,
    })),
  };
}

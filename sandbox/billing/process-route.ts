import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import type { BehaviourRegister } from '../behaviour/behaviour-register';
import { holdTheAnswer } from '../http/held-answer';
import { idempotencyKeyOf, parse, Problem } from '../http/problem';
import type { Cashier } from './cashier';
import type { Payment } from './payment';
import { processRequest } from './requests';

const SLOW_MS = 1_500;

/** POST /api/v1/payments/process, with every way that an HTTP call can go (`paymentHttp`). */
export function processRoute(cashier: Cashier, behaviour: BehaviourRegister, pageOf: (payment: Payment) => string): FastifyPluginAsync {
  return async (app) => {
    app.post('/api/v1/payments/process', async (request, reply) => {
      const key = idempotencyKeyOf(request);
      const body = parse(processRequest, request.body);
      const { paymentHttp } = behaviour.of(body.tenantId);
      if (paymentHttp === 'error500') throw new Problem(500, 'internal', 'billing is out of order');
      if (paymentHttp === 'reject') throw new Problem(422, 'payment-rejected', 'billing does not take this payment');

      const payment = cashier.open(key, body);
      if (paymentHttp === 'timeout_after_effect') return holdTheAnswer(reply);
      if (paymentHttp === 'slow') await delay(SLOW_MS, undefined, { ref: false });
      return reply.status(202).send(opened(payment, pageOf(payment)));
    });
  };
}

function opened({ paymentId, status, taxRecordId }: Payment, paymentUrl: string): object {
  return status === 'requires_action' ? { paymentId, status, paymentUrl, taxRecordId } : { paymentId, status, taxRecordId };
}

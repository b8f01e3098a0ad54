import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { parse } from '../http/problem';
import type { Cashier } from './cashier';
import type { Payment } from './payment';

const pageChoice = z.object({ action: z.enum(['pay', 'decline']) });

interface ById { Params: { id: string } }

/** Where a buyer pays by hand: one form, two buttons, then back to the shop. */
export function hostedPage(cashier: Cashier): FastifyPluginAsync {
  return async (app) => {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
    );

    app.get<ById>('/pay/:id', async ({ params }, reply) => reply.type('text/html; charset=utf-8').send(page(cashier.payment(params.id))));

    app.post<ById>('/pay/:id', async ({ params, body, url }, reply) => {
      const payment = cashier.choose(params.id, parse(pageChoice, body).action);
      return reply.redirect(payment.returnUrl ?? url, 303);
    });
  };
}

function page(payment: Payment): string {
  const form = '<form method="post"><button name="action" value="pay">Pay</button> <button name="action" value="decline">Decline</button></form>';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Payment</title></head>
<body><h1>Payment ${payment.paymentId}</h1>
<p>${payment.amountMinor} minor units of ${payment.currency}, net: ${payment.status}</p>
${payment.status === 'requires_action' ? form : ''}
</body></html>`;
}

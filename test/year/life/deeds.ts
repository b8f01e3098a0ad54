import { CancelSubscriptionDocument, RefundOrderDocument, RequestRefundDocument, ResumeSubscriptionDocument, RetryRenewalPaymentDocument, SubscriptionByIdDocument } from '../../e2e/operations/generated';
import { waitFor } from '../../support/wait';
import type { Deed } from '../plan/fate';
import { decimalOf } from '../plan/offers';
import { paidBill } from '../reckoning/account';
import { goodwillMinor } from '../reckoning/morning';
import type { YearShop } from '../world/shop';
import type { YearWorld } from '../world/year-world';
import type { Subscriber } from './subscriber';

interface Refusable {
  readonly userErrors: readonly unknown[];
}

const WITHIN = { withinMs: 120_000, everyMs: 50 };

/** Does, the way people do it, what the subscriber wishes for. */
export async function carryOut(world: YearWorld, shop: YearShop, subscriber: Subscriber, deed: Deed): Promise<void> {
  const { patron, subscriptionId: id, account } = subscriber;
  const bill = paidBill(account);
  const { currency } = account.fate;
  switch (deed) {
    case 'cancel': return granted(deed, (await patron.insist(CancelSubscriptionDocument, { id })).cancelSubscription);
    case 'resume': return granted(deed, (await patron.insist(ResumeSubscriptionDocument, { id })).resumeSubscription);
    case 'refund': return granted(deed, (await patron.insist(RequestRefundDocument, { orderId: await orderOf(world, subscriber) })).requestRefund);
    case 'goodwill': {
      const amount = { amount: decimalOf(goodwillMinor(bill.totalMinor), currency), currency };
      return granted(deed, (await shop.operator.insist(RefundOrderDocument, { orderId: await orderOf(world, subscriber), amount, reason: 'Sorry' })).refundOrder);
    }
    case 'dispute': {
      const payments = await world.sandbox.payments(await orderOf(world, subscriber));
      await world.sandbox.dispute(payments.find(({ status }) => status === 'succeeded')?.paymentId ?? '');
      return;
    }
    case 'pay':
    case 'decline':
    case 'abandon': return atBillingsPage(world, subscriber, deed);
  }
}

/** Asks for the page of the renewal that failed, and uses it or leaves it. */
async function atBillingsPage(world: YearWorld, subscriber: Subscriber, deed: 'pay' | 'decline' | 'abandon'): Promise<void> {
  const { patron, subscriptionId: id } = subscriber;
  await subscriber.paysByHand();
  const { retryRenewalPayment } = await patron.insist(RetryRenewalPaymentDocument, { id });
  granted(deed, retryRenewalPayment);
  const orderId = retryRenewalPayment.order?.id ?? '';
  const page = await waitFor(async () => {
    const open = (await world.sandbox.payments(orderId)).find(({ status }) => status === 'requires_action');
    const { subscriptionContract } = await patron.insist(SubscriptionByIdDocument, { id, first: 1 });
    const shown = subscriptionContract?.orders.edges[0]?.node.paymentUrl;
    return open && shown?.endsWith(open.paymentId) && shown;
  }, { ...WITHIN, what: `a page to pay ${orderId} at` });
  if (deed === 'abandon') return;
  const { status } = await fetch(page, { method: 'POST', body: new URLSearchParams({ action: deed }), redirect: 'manual' });
  if (status !== 303) throw new Error(`billing's page answered ${status}`);
}

/** The order that paid for the period that runs. */
async function orderOf({ sql }: YearWorld, { subscriptionId, account }: Subscriber): Promise<string> {
  const [row] = await sql<{ id: string }>('select order_id as id from marketplace.subscription_period where subscription_id = $1 and period = $2', [subscriptionId, account.period]);
  if (!row) throw new Error(`subscription ${subscriptionId} has no period ${account.period}`);
  return row.id;
}

function granted(deed: Deed, { userErrors }: Refusable): void {
  if (userErrors.length > 0) throw new Error(`${deed} was refused: ${JSON.stringify(userErrors)}`);
}

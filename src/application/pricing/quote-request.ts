import type { Caller } from '../actor';
import { heldAlready } from '../order/course-claims';
import type { OrderDependencies } from '../order/order-dependencies';
import { priceRequest } from './price-request';
import type { Quote, QuoteRequest } from './quote';
import { policyFor, policyProblems } from './tenant-policy';

/** The price as `placeOrder` would make it, with everything that it would refuse; stores nothing. */
export function quote({ unitOfWork, readers, orders, spend, policies }: Pick<OrderDependencies, 'unitOfWork' | 'readers' | 'orders' | 'spend' | 'policies'>) {
  return async (caller: Caller, request: QuoteRequest): Promise<Quote> => {
    const policy = await policyFor(policies, caller);
    return unitOfWork.run(caller, async (tx) => {
      const { currency, lines, totals, coupon, problems } = await priceRequest(tx, readers, caller, request);
      return {
        currency,
        lines: lines.map(({ index, plan, quantity, priced }) => ({
          index, plan, quantity, unitPrice: priced?.unitPrice ?? null, subtotal: priced?.subtotal ?? null, discount: priced?.discount ?? null, total: priced?.total ?? null,
        })),
        subtotal: totals?.subtotal ?? null, discount: totals?.discount ?? null, total: totals?.total ?? null,
        coupon,
        problems: [...problems, ...(await policyProblems(tx, spend, policy, currency, totals)), ...(await heldAlready(tx, orders, caller, lines))],
      };
    });
  };
}

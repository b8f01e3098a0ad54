import type { CourseId } from '../../domain/ids';
import type { Caller } from '../actor';
import { alreadyLicensed, claimsOf } from '../order/course-claims';
import type { OrderDependencies } from '../order/order-dependencies';
import { priceRequest } from './price-request';
import type { Quote, QuoteRequest } from './quote';

/** A line that cannot be bought claims nothing; it keeps its place so that paths stay right. */
const NO_COURSE = '' as CourseId;

/** The price as `placeOrder` would make it, with everything that it would refuse; stores nothing. */
export function quote({ unitOfWork, readers, orders }: Pick<OrderDependencies, 'unitOfWork' | 'readers' | 'orders'>) {
  return async (caller: Caller, request: QuoteRequest): Promise<Quote> =>
    unitOfWork.run(caller, async (tx) => {
      const { currency, lines, totals, problems } = await priceRequest(tx, readers, caller, request);
      const claimable = lines.map(({ purchasable }) => ({
        courseId: purchasable?.listing.courseId ?? NO_COURSE, learnerIds: purchasable?.learnerIds ?? [], title: purchasable?.listing.title ?? '',
      }));
      const claims = caller.kind === 'user' ? claimsOf(caller.tenantId, claimable) : { wanted: [], twice: [] };
      const held = await orders.heldClaims(tx, claims.wanted);
      return {
        currency,
        lines: lines.map(({ index, plan, quantity, priced }) => ({
          index, plan, quantity, unitPrice: priced?.unitPrice ?? null, subtotal: priced?.subtotal ?? null, discount: priced?.discount ?? null, total: priced?.total ?? null,
        })),
        subtotal: totals?.subtotal ?? null, discount: totals?.discount ?? null, total: totals?.total ?? null,
        problems: [...problems, ...alreadyLicensed(claimable, [...claims.twice, ...held])],
      };
    });
}

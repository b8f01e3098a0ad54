import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { OrderLineRequest, Quote } from '../src/application/pricing/quote';
import type { PricingPlan } from '../src/domain/pricing/plan';
import type { OperationContext } from './operation-context';
import type { OrderLineInput } from './types/order-inputs';
import { QuoteInput, QuoteType } from './types/quote';
import { userErrorViews } from './types/user-error';
import type { UserErrorView } from './types/user-error';

interface RefundTerms {
  readonly planId: string;
  readonly windowDays: number;
  readonly partial: boolean;
  readonly summary: string;
}
type QuoteView = Omit<Quote, 'currency' | 'problems'> & { readonly refundTerms: readonly RefundTerms[]; readonly problems: readonly UserErrorView[] };

@Resolver()
export class QuoteResolver {
  @Query(() => QuoteType, { description: 'The price as `placeOrder` would make it for the caller now, and everything that it would refuse. Open to everyone.' })
  async quote(@Ctx() { application, caller }: OperationContext, @Arg('input', () => QuoteInput, { description: 'What would be bought.' }) { lines, currency, couponCode, storefrontSlug }: QuoteInput): Promise<QuoteView> {
    const quote = await application.orders.quote(caller, { lines: lines.map(lineRequest), currency, ...(couponCode != null && { couponCode }), ...(storefrontSlug != null && { storefrontSlug }) });
    const plans = new Map(quote.lines.flatMap(({ plan }) => (plan ? [[plan.id, plan]] : [])));
    return { ...quote, refundTerms: [...plans.values()].map(refundTerms), problems: userErrorViews(quote.problems) };
  }
}

export function lineRequest({ pricingPlanId, quantity, learnerIds }: OrderLineInput): OrderLineRequest {
  return { pricingPlanId, quantity, ...(learnerIds && { learnerIds }) };
}

function refundTerms({ id, terms }: PricingPlan): RefundTerms {
  const { windowDays, partial } = terms.refundPolicy;
  return { planId: id, windowDays, partial, summary: summaryOf(windowDays, partial) };
}

function summaryOf(windowDays: number, partial: boolean): string {
  if (windowDays === 0) return 'This plan cannot be refunded.';
  const until = windowDays === 1 ? 'within a day' : `within ${windowDays} days`;
  return partial
    ? `Seats that nobody has started can be refunded ${until} after fulfilment.`
    : `Refundable in full ${until} after fulfilment, as long as nobody has started.`;
}

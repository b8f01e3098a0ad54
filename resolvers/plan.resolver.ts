import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { parseCurrency } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import type { Listing } from '../src/domain/listing/listing';
import type { PlanRevision, PlanTerms, PricingPlan } from '../src/domain/pricing/plan';
import { priceOf } from '../src/domain/pricing/plan-price';
import { Authenticated } from './authenticated';
import type { OperationContext } from './operation-context';
import { BillingInterval, PricingPlanKind } from './types/enums';
import { ListingType } from './types/listing';
import { MoneyType } from './types/money';
import { CreatePricingPlanInput, PLAN_TEXTS, PricingPlanPayload, PricingPlanRevisionType, PricingPlanType, RefundPolicyType, RevisePricingPlanInput } from './types/plan';
import { CurrencyCodeScalar } from './types/scalars';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

const PRICES = 'What one unit costs, at most one price per currency.';

@Resolver(() => PricingPlanType)
export class PricingPlanResolver {
  @Authenticated()
  @Mutation(() => PricingPlanPayload, { description: 'Adds a plan to one’s own listing, on sale at once. Not while the listing is under review. For providers.' })
  async createPricingPlan(@Ctx() { application, caller, loaders }: OperationContext, @Arg('input', () => CreatePricingPlanInput, { description: 'The plan.' }) input: CreatePricingPlanInput): Promise<Payload<'plan', PricingPlan>> {
    return payload('plan', await application.listings.createPricingPlan(caller, input), (id) => loaders.plan.load(id));
  }

  @Authenticated()
  @Mutation(() => PricingPlanPayload, { description: 'Sells one’s own plan at other terms from now on, as a further revision; what was sold keeps its own. Not while the listing is under review. For providers.' })
  async revisePricingPlan(@Ctx() { application, caller, loaders }: OperationContext, @Arg('input', () => RevisePricingPlanInput, { description: 'The changes.' }) input: RevisePricingPlanInput): Promise<Payload<'plan', PricingPlan>> {
    return payload('plan', await application.listings.revisePricingPlan(caller, input), (id) => loaders.plan.load(id));
  }

  @Authenticated()
  @Mutation(() => PricingPlanPayload, { description: 'Takes one’s own plan off sale for good; what was sold lives on. Not while the listing is under review. For providers.' })
  async retirePricingPlan(@Ctx() { application, caller, loaders }: OperationContext, @Arg('id', () => ID, { description: 'The plan.' }) id: string): Promise<Payload<'plan', PricingPlan>> {
    return payload('plan', await application.listings.retirePricingPlan(caller, id), (planId) => loaders.plan.load(planId));
  }

  @FieldResolver(() => ListingType, { description: 'The listing that it sells.' })
  listing(@Root() { listingId }: PricingPlan, @Ctx() { loaders }: OperationContext): Promise<Listing | null> {
    return loaders.listing.load(listingId);
  }

  @FieldResolver(() => PricingPlanKind, { description: PLAN_TEXTS.kind })
  kind(@Root() { terms }: PricingPlan): PlanTerms['kind'] {
    return terms.kind;
  }

  @FieldResolver(() => String, { description: PLAN_TEXTS.name })
  name(@Root() { terms }: PricingPlan): string {
    return terms.name;
  }

  @FieldResolver(() => [MoneyType], { description: PRICES })
  prices(@Root() { prices }: PricingPlan): readonly Money[] {
    return prices;
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: 'What one unit costs in this currency; null where it is not offered.' })
  price(@Root() plan: PricingPlan, @Arg('currency', () => CurrencyCodeScalar, { description: 'The currency to pay in.' }) currency: string): Money | null {
    const code = parseCurrency(currency);
    return code === null ? null : priceOf(plan, code);
  }

  @FieldResolver(() => Int, { nullable: true, description: PLAN_TEXTS.seatsIncluded })
  seatsIncluded(@Root() { terms }: PricingPlan): number | null {
    return terms.seatsIncluded;
  }

  @FieldResolver(() => Int, { nullable: true, description: PLAN_TEXTS.accessDays })
  accessDays(@Root() { terms }: PricingPlan): number | null {
    return terms.accessDays;
  }

  @FieldResolver(() => Boolean, { description: PLAN_TEXTS.perpetualOffline })
  perpetualOffline(@Root() { terms }: PricingPlan): boolean {
    return terms.perpetualOffline;
  }

  @FieldResolver(() => BillingInterval, { nullable: true, description: PLAN_TEXTS.billingInterval })
  billingInterval(@Root() { terms }: PricingPlan): PlanTerms['billingInterval'] {
    return terms.billingInterval;
  }

  @FieldResolver(() => Int, { nullable: true, description: PLAN_TEXTS.intervalCount })
  intervalCount(@Root() { terms }: PricingPlan): number | null {
    return terms.intervalCount;
  }

  @FieldResolver(() => Int, { description: PLAN_TEXTS.trialDays })
  trialDays(@Root() { terms }: PricingPlan): number {
    return terms.trialDays;
  }

  @FieldResolver(() => RefundPolicyType, { description: PLAN_TEXTS.refundPolicy })
  refundPolicy(@Root() { terms }: PricingPlan): PlanTerms['refundPolicy'] {
    return terms.refundPolicy;
  }

  @FieldResolver(() => Int, { nullable: true, description: PLAN_TEXTS.seatReassignmentLimit })
  seatReassignmentLimit(@Root() { terms }: PricingPlan): number | null {
    return terms.seatReassignmentLimit;
  }

  @FieldResolver(() => [PricingPlanRevisionType], { description: 'The plan as it has been and is, oldest first.' })
  revisions(@Root() { id }: PricingPlan, @Ctx() { loaders }: OperationContext): Promise<readonly PlanRevision[]> {
    return loaders.planRevisions.load(id);
  }
}

@Resolver(() => PricingPlanRevisionType)
export class PricingPlanRevisionResolver {
  @FieldResolver(() => [MoneyType], { description: PRICES })
  prices(@Root() { prices }: PlanRevision): readonly Money[] {
    return prices;
  }
}

import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { License } from '../src/domain/license/license';
import type { Money } from '../src/domain/money';
import type { Order } from '../src/domain/order/order';
import type { PricingPlan } from '../src/domain/pricing/plan';
import { nextRenewalAt, priceOfPeriod } from '../src/domain/subscription/subscription';
import type { Subscription } from '../src/domain/subscription/subscription';
import { Authenticated } from './authenticated';
import { loadById } from './ids';
import type { OperationContext } from './operation-context';
import { connection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { LicenseType } from './types/license';
import { MoneyType } from './types/money';
import { OrderConnection } from './types/order';
import { AFTER, firstOf } from './types/page-arguments';
import { PricingPlanType } from './types/plan';
import { DateTimeScalar } from './types/scalars';
import { SubscriptionContractConnection, SubscriptionContractType } from './types/subscription';

@Resolver(() => SubscriptionContractType)
export class SubscriptionContractResolver {
  @Authenticated()
  @Query(() => SubscriptionContractType, { nullable: true, description: 'One subscription; null where there is none that the caller may see.' })
  subscriptionContract(@Ctx() { loaders }: OperationContext, @Arg('id', () => ID, { description: 'The subscription’s id.' }) id: string): Promise<Subscription | null> {
    return loadById(loaders.subscription, id);
  }

  @Authenticated()
  @Query(() => SubscriptionContractConnection, { nullable: true, description: 'Subscriptions, newest first: a buyer’s own, for an organisation’s administrators all of the organisation’s, for platform administrators everybody’s.' })
  async subscriptionContracts(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ConnectionOf<Subscription>> {
    const page = pageRequest({ first, after }, 20);
    const { subscriptions } = context.application.readers;
    const read = await context.read((tx) => subscriptions.page(tx, page));
    return connection(read, page, () => context.read((tx) => subscriptions.count(tx)));
  }

  @FieldResolver(() => PricingPlanType, { description: 'The plan, as it is today; the subscription keeps its own terms.' })
  plan(@Root() { planId }: Subscription, @Ctx() { loaders }: OperationContext): Promise<PricingPlan | null> {
    return loaders.plan.load(planId);
  }

  @FieldResolver(() => LicenseType, { description: 'The licence that it keeps valid.' })
  license(@Root() { licenseId }: Subscription, @Ctx() { loaders }: OperationContext): Promise<License | null> {
    return loaders.license.load(licenseId);
  }

  @FieldResolver(() => MoneyType, { description: 'What each period costs, for all units.' })
  price(@Root() subscription: Subscription): Money {
    return priceOfPeriod(subscription);
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'When the next period will be paid; null: none follows, or it is being dunned.' })
  nextRenewalAt(@Root() subscription: Subscription): Date | null {
    return nextRenewalAt(subscription);
  }

  @FieldResolver(() => OrderConnection, { description: 'What was ordered for it, newest first: its renewals, and the checkout that began it.' })
  async orders(
    @Root() { id: subscriptionId }: Subscription,
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(10)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ConnectionOf<Order>> {
    const page = pageRequest({ first, after }, 10);
    const { orders } = context.application.readers;
    const read = await context.read((tx) => orders.page(tx, { subscriptionId }, page));
    return connection(read, page, () => context.read((tx) => orders.count(tx, { subscriptionId })));
  }
}

@Resolver(() => LicenseType)
export class LicenseSubscriptionResolver {
  @FieldResolver(() => SubscriptionContractType, { nullable: true, description: 'The subscription that keeps it valid; null where there is none, or none that the caller may see.' })
  subscription(@Root() { id }: License, @Ctx() { loaders }: OperationContext): Promise<Subscription | null> {
    return loaders.licenseSubscription.load(id);
  }
}

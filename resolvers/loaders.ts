import DataLoader from 'dataloader';
import { withFacts } from '../src/application/refund/refundable-lines';
import type { PageRequest, Page } from '../src/application/ports/page';
import type { ListingFilter } from '../src/application/ports/readers';
import type { Tx } from '../src/application/ports/unit-of-work';
import type { CouponId, CourseId, CourseVersionId, DeadLetterId, LicenseId, ListingId, OrderId, OrderLineId, PayoutId, PricingPlanId, SagaId, SeatId, StorefrontId, SubscriptionId, TenantId } from '../src/domain/ids';
import type { License } from '../src/domain/license/license';
import type { Listing } from '../src/domain/listing/listing';
import { refundabilityOf } from '../src/domain/refund/refundability';
import type { Refundability } from '../src/domain/refund/refundability';
import { temporarilyUnavailable } from './errors';
import type { OperationContext } from './operation-context';

export type Loaders = ReturnType<typeof createLoaders>;

/** Batched reads of one operation: as many keys as one tick asks for are one statement. */
export function createLoaders(context: OperationContext) {
  const { listings, plans, orders, licenses, coupons, sagas, deadLetters, earnings, payouts, storefronts, subscriptions } = context.application.readers;
  const { one, many } = batching(context);
  return {
    listing: one(listings.byIds.bind(listings), (listing): ListingId => listing.id),
    listingTransitions: many(listings.transitions.bind(listings), (transition): ListingId => transition.listingId),
    courseVersion: one(listings.courseVersions.bind(listings), (version): CourseVersionId => version.courseVersionId),
    providerVerified: new DataLoader((ids: readonly TenantId[]) => Promise.all(ids.map((id) => verified(context, id)))),
    plan: one(plans.byIds.bind(plans), (plan): PricingPlanId => plan.id),
    plansOfListing: many(plans.ofListings.bind(plans), (plan): ListingId => plan.listingId),
    planRevisions: many(plans.revisions.bind(plans), (revision): PricingPlanId => revision.planId),
    order: one(orders.byIds.bind(orders), (order): OrderId => order.id),
    orderLines: many(orders.lines.bind(orders), (line): OrderId => line.orderId),
    orderPayments: many(orders.payments.bind(orders), (payment): OrderId => payment.orderId),
    refundability: refundabilities(context),
    orderRefunds: many(orders.refunds.bind(orders), (refund): OrderId => refund.orderId),
    orderSaga: one(orders.sagas.bind(orders), ({ saga }) => saga.correlationId as OrderId),
    orderLicenses: many((tx, ids: readonly OrderId[]) => licenses.ofOrders(tx, ids), (license) => license.orderId as OrderId),
    providerSale: one(earnings.salesByIds.bind(earnings), (sale): OrderLineId => sale.id),
    payout: one(payouts.byIds.bind(payouts), (payout): PayoutId => payout.id),
    coupon: one(coupons.byIds.bind(coupons), (coupon): CouponId => coupon.id),
    storefront: one(storefronts.byIds.bind(storefronts), (storefront): StorefrontId => storefront.id),
    storefrontBySlug: one(storefronts.bySlugs.bind(storefronts), (storefront) => storefront.slug),
    chosenListings: many(storefronts.chosen.bind(storefronts), (chosen): StorefrontId => chosen.storefrontId),
    license: one(licenses.byIds.bind(licenses), (license): LicenseId => license.id),
    seat: one(licenses.seatsByIds.bind(licenses), (seat): SeatId => seat.id),
    seatUsage: new DataLoader((ids: readonly LicenseId[]) => context.read(async (tx) => inOrder(ids, await licenses.usage(tx, ids)))),
    subscription: one(subscriptions.byIds.bind(subscriptions), (subscription): SubscriptionId => subscription.id),
    licenseSubscription: one(subscriptions.ofLicenses.bind(subscriptions), (subscription): LicenseId => subscription.licenseId),
    saga: one(sagas.byIds.bind(sagas), (saga): SagaId => saga.id),
    deadLetter: one(deadLetters.byIds.bind(deadLetters), (letter): DeadLetterId => letter.id),
    sagaTransitions: many(sagas.transitions.bind(sagas), (transition): SagaId => transition.sagaId),
    viewerLicense: new DataLoader((ids: readonly CourseId[]) => viewerLicenses(context, ids)),
    offersOfStorefront: offersOfStorefronts(context),
    offersOfCourse: remembered((curatedBy: StorefrontId | null) => offersOfCourses(context, curatedBy)),
  };
}

/** Loaders for what a key names once (null: nothing there for the caller) and for what it names many times. */
function batching(context: OperationContext) {
  const one = <Key extends string, Value>(read: (tx: Tx, keys: readonly Key[]) => Promise<readonly Value[]>, keyOf: (value: Value) => Key) =>
    new DataLoader<Key, Value | null>((keys) =>
      context.read(async (tx) => inOrder(keys, new Map((await read(tx, keys)).map((value) => [keyOf(value), value])))));
  const many = <Key extends string, Value>(read: (tx: Tx, keys: readonly Key[]) => Promise<readonly Value[]>, keyOf: (value: Value) => Key) =>
    new DataLoader<Key, readonly Value[]>((keys) =>
      context.read(async (tx) => {
        const groups = new Map<Key, Value[]>(keys.map((key) => [key, []]));
        for (const value of await read(tx, keys)) groups.get(keyOf(value))?.push(value);
        return keys.map((key) => groups.get(key) ?? []);
      }));
  return { one, many };
}

function inOrder<Key, Value>(keys: readonly Key[], found: ReadonlyMap<Key, Value>): (Value | null)[] {
  return keys.map((key) => found.get(key) ?? null);
}

/** Judged at the instant of the transaction that reads, as `requestRefund` would judge at its own. */
function refundabilities(context: OperationContext): DataLoader<OrderId, Refundability | null> {
  const { orders, refunds } = context.application.readers;
  return new DataLoader((ids: readonly OrderId[]) => context.read(async (tx) => {
    const [found, lines, facts] = [await orders.byIds(tx, ids), await orders.lines(tx, ids), await refunds.lineFacts(tx, ids)];
    return inOrder(ids, new Map(found.map((order) => [order.id, refundabilityOf(order, withFacts(lines.filter((line) => line.orderId === order.id), facts), tx.now)])));
  }));
}

async function viewerLicenses(context: OperationContext, ids: readonly CourseId[]): Promise<(License | null)[]> {
  const { caller, application } = context;
  if (caller.kind !== 'user') return ids.map(() => null);
  return context.read(async (tx) => inOrder(ids, await application.readers.licenses.activeOfLearner(tx, caller.userId, ids)));
}

async function verified({ application }: OperationContext, id: TenantId): Promise<boolean> {
  const answer = await application.listings.providerVerified(id);
  if (!answer.ok) throw temporarilyUnavailable(answer.errors[0]?.message ?? 'Please try again in a minute.');
  return answer.value;
}

/** The live listings of courses; with a storefront, only what was chosen for it. Courses that are asked for the same page share a statement. */
function offersOfCourses(context: OperationContext, curatedBy: StorefrontId | null) {
  const { listings, storefronts } = context.application.readers;
  const only = async (tx: Tx) => (curatedBy === null ? undefined : (await storefronts.chosen(tx, [curatedBy])).map(({ listingId }) => listingId));
  return {
    listings: remembered((page: PageRequest) => new DataLoader<CourseId, Page<Listing> | null>((ids) =>
      context.read(async (tx) => inOrder(ids, await listings.livePagesOfCourses(tx, ids, page, await only(tx)))))),
    count: new DataLoader((ids: readonly CourseId[]) => context.read(async (tx) => inOrder(ids, await listings.liveCountsOfCourses(tx, ids, await only(tx))))),
  };
}

/** Whose offers: a curated storefront's own choice, or what all the others show. */
export type Shelf = StorefrontId | 'EVERYTHING_LIVE';
const LIVE: ListingFilter = { statuses: ['LIVE'] };

/** What storefronts show. However many are asked for the same page: one statement for the curated ones, one for all the others. */
function offersOfStorefronts(context: OperationContext) {
  const { listings, storefronts } = context.application.readers;
  const shelves = <Value>(chosen: (tx: Tx, ids: readonly StorefrontId[]) => Promise<ReadonlyMap<StorefrontId, Value>>, everything: (tx: Tx) => Promise<Value>) =>
    new DataLoader<Shelf, Value | null>((keys) => context.read(async (tx) => {
      const curated = keys.filter((key): key is StorefrontId => key !== 'EVERYTHING_LIVE');
      const found = new Map<Shelf, Value>(curated.length > 0 ? await chosen(tx, curated) : []);
      if (curated.length < keys.length) found.set('EVERYTHING_LIVE', await everything(tx));
      return inOrder(keys, found);
    }));
  return {
    listings: remembered((page: PageRequest) => shelves((tx, ids) => storefronts.livePages(tx, ids, page), (tx) => listings.page(tx, LIVE, page))),
    count: shelves((tx, ids) => storefronts.liveCounts(tx, ids), (tx) => listings.count(tx, LIVE)),
  };
}

/** The same value for equal arguments. */
function remembered<Argument, Value>(make: (argument: Argument) => Value): (argument: Argument) => Value {
  const made = new Map<string, Value>();
  return (argument) => {
    const key = JSON.stringify(argument);
    const value = made.get(key) ?? make(argument);
    made.set(key, value);
    return value;
  };
}

import type { ListingFacts } from '../../domain/listing/decide';
import type { ListingCommandName } from '../../domain/listing/lifecycle';
import type { Listing } from '../../domain/listing/listing';
import { isPurchasable } from '../../domain/listing/purchasable';
import type { PricingPlan } from '../../domain/pricing/plan';
import type { EventDataByType, ListingPrice } from '../events/event-data.generated';
import type { NewEvent } from '../events/event-envelope';

type ListingEventType = Extract<keyof EventDataByType, `marketplace.listing.${string}`>;
type ListingSnapshot = EventDataByType['marketplace.listing.updated.v1'];

const FACT: Readonly<Record<ListingCommandName, ListingEventType>> = {
  update: 'marketplace.listing.updated.v1',
  submit: 'marketplace.listing.submitted.v1',
  withdraw: 'marketplace.listing.withdrawn.v1',
  approve: 'marketplace.listing.approved.v1',
  reject: 'marketplace.listing.rejected.v1',
  publish: 'marketplace.listing.live.v1',
  suspend: 'marketplace.listing.suspended.v1',
  reinstate: 'marketplace.listing.reinstated.v1',
  retarget: 'marketplace.listing.retargeted.v1',
  feature: 'marketplace.listing.updated.v1',
  archive: 'marketplace.listing.archived.v1',
};
/** Search-service knows no other event that brings a listing into its index or changes it there … */
const INTO_SEARCH = 'marketplace.listing.approved.v1';
/** … and none but this that takes one out. */
const OUT_OF_SEARCH = 'marketplace.listing.suspended.v1';

/** What a change of a listing tells the world, given the listing after it (contract: events, "Who reads what"). */
export function listingEvents(command: ListingCommandName, listing: Listing, facts: ListingFacts): NewEvent<ListingEventType>[] {
  const fact = FACT[command];
  const types = [fact, ...forSearch(command, listing)];
  const data = snapshot(listing, facts);
  return types.map((type) => ({ type, subject: listing.id, tenantId: listing.providerTenantId, data }));
}

function forSearch(command: ListingCommandName, { status }: Listing): ListingEventType[] {
  switch (command) {
    case 'publish':
    case 'reinstate': return [INTO_SEARCH];
    case 'update':
    case 'retarget': return status === 'APPROVED' || status === 'LIVE' ? [INTO_SEARCH] : [];
    case 'archive': return [OUT_OF_SEARCH];
    // Search's own events, what it never shows, and being featured, which it is not told.
    case 'submit':
    case 'withdraw':
    case 'approve':
    case 'reject':
    case 'suspend':
    case 'feature': return [];
  }
}

function snapshot(listing: Listing, { courseVersion, plans }: ListingFacts): ListingSnapshot {
  const { id, providerTenantId, courseId, courseVersionId, title, status, statusReason, tags } = listing;
  return {
    listingId: id, providerTenantId, courseId, courseVersionId, title, status,
    purchasable: isPurchasable(listing, courseVersion, plans),
    ...(statusReason === null ? {} : { reason: statusReason }),
    prices: plans.filter((plan) => plan.active).flatMap(pricesOf),
    tags: [...tags],
  };
}

/** The prices of a plan as events tell them. */
export function pricesOf({ id, terms, prices }: PricingPlan): ListingPrice[] {
  return prices.map(({ amountMinor, currency }) => ({ planId: id, kind: terms.kind, amountMinor: `${amountMinor}`, currency }));
}

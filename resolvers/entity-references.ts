import { parseId } from '../src/domain/ids';
import { loadById } from './ids';
import type { Loaders } from './loaders';
import type { OperationContext } from './operation-context';
import { storefrontBySlug } from './storefront-scope';

interface Representation {
  readonly id: string;
  /** Of a storefront, in the place of its id. */
  readonly slug?: string;
}
type ResolveReference = (reference: Representation, context: OperationContext) => Promise<object | null>;

/** How `_entities` finds what other subgraphs refer to; what the caller may not see is null, as in every query. */
export const ENTITY_REFERENCES: Readonly<Record<string, ResolveReference>> = {
  // Catalog knows which courses there are; here is only what the marketplace adds to one.
  Course: ({ id }) => Promise.resolve(parseId(id) === null ? null : { id: parseId(id) }),
  Listing: by((loaders) => loaders.listing),
  PricingPlan: by((loaders) => loaders.plan),
  Order: by((loaders) => loaders.order),
  Coupon: by((loaders) => loaders.coupon),
  Payout: by((loaders) => loaders.payout),
  License: by((loaders) => loaders.license),
  SubscriptionContract: by((loaders) => loaders.subscription),
  Seat: by((loaders) => loaders.seat),
  Storefront: ({ id, slug }, context) => (slug === undefined ? loadById(context.loaders.storefront, id) : storefrontBySlug(context, slug)),
};

function by<Value extends object>(choose: (loaders: Loaders) => Parameters<typeof loadById<string, Value>>[0]): ResolveReference {
  return ({ id }, { loaders }) => loadById(choose(loaders), id);
}

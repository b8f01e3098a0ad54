import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Page, PageRequest } from '../src/application/ports/page';
import type { CourseId } from '../src/domain/ids';
import type { License } from '../src/domain/license/license';
import type { Listing } from '../src/domain/listing/listing';
import { parseCurrency } from '../src/domain/money';
import { lowestPrice } from '../src/domain/pricing/plan-price';
import type { LowestPrice } from '../src/domain/pricing/plan-price';
import { purchasable } from './listing.resolver';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import { storefrontBySlug } from './storefront-scope';
import type { ConnectionOf } from './types/connection';
import { CourseType } from './types/course';
import { LicenseType } from './types/license';
import { ListingConnection, PriceFromType } from './types/listing';
import { AFTER, firstOf } from './types/page-arguments';
import { CurrencyCodeScalar } from './types/scalars';

interface Course {
  readonly id: CourseId;
}

/** So many live listings of a course are looked at for its price; far more than any course has. */
const ALL_LISTINGS: PageRequest = { first: 100, after: null };
const NONE: Page<Listing> = { nodes: [], cursors: [], hasNextPage: false };

@Resolver(() => CourseType)
export class CourseResolver {
  @FieldResolver(() => ListingConnection, { description: 'Its live listings, newest first.' })
  async listings(
    @Root() { id }: Course,
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(10)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('storefrontSlug', () => String, { nullable: true, description: 'Only those that the storefront with this slug sells.' }) storefrontSlug?: string | null,
  ): Promise<ConnectionOf<Listing>> {
    const page = pageRequest({ first, after }, 10);
    const storefront = storefrontSlug == null ? null : await storefrontBySlug(context, storefrontSlug);
    if (storefrontSlug != null && storefront === null) return emptyConnection(page);
    const { loaders } = context;
    const { listings, count } = loaders.offersOfCourse(storefront?.curated ? storefront.id : null);
    return connection((await listings(page).load(id)) ?? NONE, page, async () => (await count.load(id)) ?? 0);
  }

  @FieldResolver(() => PriceFromType, { nullable: true, description: 'The cheapest way for one learner to get in, over all listings that can be bought; null where none has a price in the currency.' })
  async lowestPrice(
    @Root() { id }: Course,
    @Ctx() context: OperationContext,
    @Arg('currency', () => CurrencyCodeScalar, { description: 'The currency to pay in.' }) currency: string,
  ): Promise<LowestPrice | null> {
    const code = parseCurrency(currency);
    if (code === null) return null;
    const plans = await Promise.all((await purchasableListings(context, id)).map((listing) => context.loaders.plansOfListing.load(listing.id)));
    return lowestPrice(plans.flat(), code);
  }

  @FieldResolver(() => Boolean, { description: 'Whether any of its listings can be bought.' })
  async purchasable(@Root() { id }: Course, @Ctx() context: OperationContext): Promise<boolean> {
    return (await purchasableListings(context, id)).length > 0;
  }

  @FieldResolver(() => LicenseType, { nullable: true, description: 'The caller’s own active licence for the course: the one whose seat is theirs. Null for anonymous callers.' })
  viewerLicense(@Root() { id }: Course, @Ctx() { loaders }: OperationContext): Promise<License | null> {
    return loaders.viewerLicense.load(id);
  }
}

async function purchasableListings(context: OperationContext, id: CourseId): Promise<Listing[]> {
  const { nodes } = (await context.loaders.offersOfCourse(null).listings(ALL_LISTINGS).load(id)) ?? NONE;
  const verdicts = await Promise.all(nodes.map((listing) => purchasable(context, listing)));
  return nodes.filter((_, i) => verdicts[i]);
}

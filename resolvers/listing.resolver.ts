import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { hasRole } from '../src/application/actor';
import type { ListingSort as Sort } from '../src/application/ports/readers';
import { parseCurrency } from '../src/domain/money';
import { blockersOf, needsVerification } from '../src/domain/listing/blockers';
import type { ListingBlocker as Blocker } from '../src/domain/listing/blockers';
import type { Listing, ListingTransition, PackageFormat as Format } from '../src/domain/listing/listing';
import { isPurchasable } from '../src/domain/listing/purchasable';
import type { PricingPlan } from '../src/domain/pricing/plan';
import { lowestPrice, priceOf } from '../src/domain/pricing/plan-price';
import type { LowestPrice } from '../src/domain/pricing/plan-price';
import { Authenticated } from './authenticated';
import { CACHED, NOT_CACHED } from './cached';
import { loadById } from './ids';
import { listingPage } from './listing-page';
import { catalogueFilter, providerFilter, seesBehind } from './listing-visibility';
import type { OperationContext } from './operation-context';
import { inStorefront } from './storefront-scope';
import type { ConnectionOf } from './types/connection';
import { CourseType } from './types/course';
import { ListingBlocker, ListingSort, PackageFormat } from './types/enums';
import { ListingConnection, ListingFilter, ListingTransitionType, ListingType, PriceFromType } from './types/listing';
import { AFTER, firstOf } from './types/page-arguments';
import { PricingPlanType } from './types/plan';
import { reference, TenantType, UserType } from './types/references';
import { CurrencyCodeScalar } from './types/scalars';

@Resolver(() => ListingType)
export class ListingResolver {
  @Directive(CACHED)
  @Query(() => ListingType, { nullable: true, description: 'One listing; null where there is none that the caller may see.' })
  listing(@Ctx() { loaders }: OperationContext, @Arg('id', () => ID, { description: 'The listing’s id.' }) id: string): Promise<Listing | null> {
    return loadById(loaders.listing, id);
  }

  @Directive(CACHED)
  @Query(() => ListingConnection, { description: 'The listings on show.' })
  async listings(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('filter', () => ListingFilter, { nullable: true, description: 'Which listings; left out: all.' }) filter: ListingFilter | null,
    @Arg('sort', () => ListingSort, { nullable: true, defaultValue: 'NEWEST', description: 'In which order; those by price need the filter’s `currency`.' }) sort: Sort | null,
  ): Promise<ConnectionOf<Listing>> {
    const found = await inStorefront(context, filter?.storefrontSlug, catalogueFilter(context.caller, filter));
    return listingPage(context, found, { first, after }, sort ?? 'NEWEST');
  }

  @Authenticated()
  @Query(() => ListingConnection, { nullable: true, description: 'The provider’s own listings in every status, newest first; for platform administrators every provider’s: with `statuses: [SUBMITTED]`, the review queue. Null for anybody else.' })
  async providerListings(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('filter', () => ListingFilter, { nullable: true, description: 'Which listings; left out: all.' }) filter?: ListingFilter | null,
  ): Promise<ConnectionOf<Listing> | null> {
    const { caller } = context;
    if (!hasRole(caller, 'provider') && !hasRole(caller, 'platform_admin')) return null;
    return listingPage(context, await inStorefront(context, filter?.storefrontSlug, providerFilter(caller, filter)), { first, after });
  }

  @FieldResolver(() => CourseType, { description: 'The course that is sold.' })
  course(@Root() { courseId }: Listing): { readonly id: string } {
    return { id: courseId };
  }

  @FieldResolver(() => TenantType, { description: 'The organisation that offers it.' })
  provider(@Root() { providerTenantId }: Listing): { readonly id: string } {
    return { id: providerTenantId };
  }

  @Directive(NOT_CACHED)
  @FieldResolver(() => String, { nullable: true, description: 'Why it was rejected or suspended; its provider and platform administrators see it.' })
  statusReason(@Root() listing: Listing, @Ctx() { caller }: OperationContext): string | null {
    return seesBehind(caller, listing) ? listing.statusReason : null;
  }

  @Directive(NOT_CACHED)
  @FieldResolver(() => [ListingBlocker], { nullable: true, description: 'What still keeps it from going live, all at once; its provider and platform administrators see it.' })
  async blockers(@Root() listing: Listing, @Ctx() context: OperationContext): Promise<readonly Blocker[] | null> {
    return seesBehind(context.caller, listing) ? blockers(context, listing) : null;
  }

  @FieldResolver(() => PackageFormat, { nullable: true, description: 'The format of the play package; null until it is built.' })
  async packageFormat(@Root() { courseVersionId }: Listing, @Ctx() { loaders }: OperationContext): Promise<Format | null> {
    return (await loaders.courseVersion.load(courseVersionId))?.packageFormat ?? null;
  }

  @FieldResolver(() => Boolean, { description: 'Whether it can be bought: it is live, its play package is built and it has an active plan.' })
  purchasable(@Root() listing: Listing, @Ctx() context: OperationContext): Promise<boolean> {
    return purchasable(context, listing);
  }

  @FieldResolver(() => [PricingPlanType], { description: 'The ways to buy it, oldest first. Its provider and platform administrators also see those no longer sold.' })
  async plans(
    @Root() listing: Listing,
    @Ctx() { caller, loaders }: OperationContext,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: 'Only plans with a price in this currency.' }) currency?: string | null,
  ): Promise<PricingPlan[]> {
    const all = seesBehind(caller, listing);
    const code = currency == null ? undefined : parseCurrency(currency);
    return (await loaders.plansOfListing.load(listing.id)).filter((plan) => (all || plan.active) && (code === undefined || (code !== null && priceOf(plan, code) !== null)));
  }

  @FieldResolver(() => PriceFromType, { nullable: true, description: 'The cheapest way for one learner to get in; null where no active plan has a price in the currency.' })
  async lowestPrice(
    @Root() { id }: Listing,
    @Ctx() { loaders }: OperationContext,
    @Arg('currency', () => CurrencyCodeScalar, { description: 'The currency to pay in.' }) currency: string,
  ): Promise<LowestPrice | null> {
    const code = parseCurrency(currency);
    return code === null ? null : lowestPrice(await loaders.plansOfListing.load(id), code);
  }

  @FieldResolver(() => [ListingTransitionType], { nullable: true, description: 'What has happened to it, oldest first; its provider and platform administrators see it.' })
  async history(@Root() listing: Listing, @Ctx() { caller, loaders }: OperationContext): Promise<readonly ListingTransition[] | null> {
    return seesBehind(caller, listing) ? loaders.listingTransitions.load(listing.id) : null;
  }
}

@Resolver(() => ListingTransitionType)
export class ListingTransitionResolver {
  @FieldResolver(() => UserType, { nullable: true })
  actor(@Root() { actorId }: ListingTransition): { readonly id: string } | null {
    return reference(actorId);
  }
}

export async function purchasable({ loaders }: OperationContext, listing: Listing): Promise<boolean> {
  const [courseVersion, plans] = await Promise.all([loaders.courseVersion.load(listing.courseVersionId), loaders.plansOfListing.load(listing.id)]);
  return isPurchasable(listing, courseVersion, plans);
}

async function blockers({ loaders }: OperationContext, listing: Listing): Promise<Blocker[]> {
  const [courseVersion, plans, kycVerified] = await Promise.all([
    loaders.courseVersion.load(listing.courseVersionId), loaders.plansOfListing.load(listing.id),
    needsVerification(listing) ? loaders.providerVerified.load(listing.providerTenantId) : false,
  ]);
  return blockersOf(listing, { courseVersion, plans, kycVerified });
}

import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../src/application/user-error';
import type { StorefrontId } from '../src/domain/ids';
import type { Listing } from '../src/domain/listing/listing';
import type { Storefront } from '../src/domain/storefront/storefront';
import { Authenticated } from './authenticated';
import { CACHED } from './cached';
import type { Shelf } from './loaders';
import type { OperationContext } from './operation-context';
import { connection, pageRequest } from './paging';
import { storefrontBySlug } from './storefront-scope';
import type { ConnectionOf } from './types/connection';
import { ListingConnection } from './types/listing';
import { AFTER, firstOf } from './types/page-arguments';
import { TenantType } from './types/references';
import { StorefrontInput, StorefrontPayload, StorefrontType } from './types/storefront';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

type Answer = Promise<Payload<'storefront', Storefront>>;

@Resolver(() => StorefrontType)
export class StorefrontResolver {
  @Directive(CACHED)
  @Query(() => StorefrontType, { nullable: true, description: 'The storefront with this slug; null where there is none.' })
  storefront(@Ctx() context: OperationContext, @Arg('slug', () => String, { description: 'The storefront’s slug.' }) slug: string): Promise<Storefront | null> {
    return storefrontBySlug(context, slug);
  }

  @Authenticated()
  @Mutation(() => StorefrontPayload, { description: 'Opens a storefront of one’s organisation, or changes one. For organisations’ administrators.' })
  saveStorefront(@Ctx() context: OperationContext, @Arg('input', () => StorefrontInput, { description: 'The storefront.' }) input: StorefrontInput): Answer {
    return answer(context, context.application.storefronts.saveStorefront(context.caller, input));
  }

  @Authenticated()
  @Mutation(() => StorefrontPayload, { description: 'Chooses what a storefront sells while it is curated, in the order in which it is shown; it takes the place of all that was chosen before. All or nothing. For organisations’ administrators.' })
  setStorefrontListings(
    @Ctx() context: OperationContext,
    @Arg('storefrontId', () => ID, { description: 'The storefront, of one’s own organisation.' }) storefrontId: string,
    @Arg('listingIds', () => [ID], { description: 'At most 500 listings, each once. They have to be live; those chosen before may stay though they are off sale.' }) listingIds: string[],
  ): Answer {
    return answer(context, context.application.storefronts.setStorefrontListings(context.caller, { storefrontId, listingIds }));
  }

  @FieldResolver(() => TenantType, { description: 'The organisation whose storefront it is.' })
  tenant(@Root() { tenantId }: Storefront): { readonly id: string } {
    return { id: tenantId };
  }

  @FieldResolver(() => ListingConnection, { description: 'What it sells: the live listings among those that were chosen, in their order; where it is not curated, every live listing, newest first.' })
  async listings(
    @Root() { id, curated }: Storefront,
    @Ctx() { loaders }: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ConnectionOf<Listing>> {
    const page = pageRequest({ first, after }, 20, curated ? 'number' : 'instant');
    const shelf: Shelf = curated ? id : 'EVERYTHING_LIVE';
    const { listings, count } = loaders.offersOfStorefront;
    const read = (await listings(page).load(shelf)) ?? { nodes: [], cursors: [], hasNextPage: false };
    for (const listing of read.nodes) loaders.listing.prime(listing.id, listing);
    return connection(read, page, async () => (await count.load(shelf)) ?? 0);
  }
}

async function answer({ loaders }: OperationContext, result: Promise<Result<StorefrontId>>): Answer {
  return payload('storefront', await result, (id) => loaders.storefront.clear(id).load(id));
}

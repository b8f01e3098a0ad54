import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { ListingId } from '../src/domain/ids';
import type { Listing } from '../src/domain/listing/listing';
import type { Result } from '../src/application/user-error';
import { Authenticated } from './authenticated';
import type { OperationContext } from './operation-context';
import { ListingPayload } from './types/listing';
import { CreateListingInput, UpdateListingInput } from './types/listing-inputs';
import { OPERATOR } from './types/saga';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

type Answer = Promise<Payload<'listing', Listing>>;

const LISTING_ID = { description: 'The listing.' };
const EXPECTED_VERSION = { nullable: true, description: 'The `version` that the caller has seen: another one is a VERSION_CONFLICT.' } as const;
const REVIEWED_VERSION = { description: 'The `version` that was reviewed: another one is a VERSION_CONFLICT.' };
const REASON = { description: 'Why, for the provider to read: 1 to 1,000 characters.' };

@Resolver()
export class ListingMutations {
  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Creates a listing of a version of one’s own course, as a DRAFT. For providers.' })
  createListing(@Ctx() context: OperationContext, @Arg('input', () => CreateListingInput, { description: 'The listing.' }) input: CreateListingInput): Answer {
    return answer(context, context.application.listings.createListing(context.caller, input));
  }

  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Changes the copy of one’s own listing, unless it is under review. For providers.' })
  updateListing(@Ctx() context: OperationContext, @Arg('input', () => UpdateListingInput, { description: 'The changes.' }) input: UpdateListingInput): Answer {
    return answer(context, context.application.listings.updateListing(context.caller, input));
  }

  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Hands one’s own listing in for review: DRAFT → SUBMITTED. Takes a published course version and an active plan. For providers.' })
  submitListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('expectedVersion', () => Int, EXPECTED_VERSION) expectedVersion?: number | null): Answer {
    return answer(context, context.application.listings.submitListing(context.caller, { id, expectedVersion }));
  }

  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Takes one’s own listing back from review: SUBMITTED → DRAFT. For providers.' })
  withdrawListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('expectedVersion', () => Int, EXPECTED_VERSION) expectedVersion?: number | null): Answer {
    return answer(context, context.application.listings.withdrawListing(context.caller, { id, expectedVersion }));
  }

  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Puts one’s own listing on sale: APPROVED → LIVE. Takes a play package that is built. For providers.' })
  publishListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('expectedVersion', () => Int, EXPECTED_VERSION) expectedVersion?: number | null): Answer {
    return answer(context, context.application.listings.publishListing(context.caller, { id, expectedVersion }));
  }

  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Lets one’s own listing sell another published version of the same course: a draft freely, one that has been reviewed only where that version’s play package is built. What was sold stays on its version. For providers.' })
  retargetListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('courseVersionId', () => ID, { description: 'The version to sell from now on.' }) courseVersionId: string, @Arg('expectedVersion', () => Int, EXPECTED_VERSION) expectedVersion?: number | null): Answer {
    return answer(context, context.application.listings.retargetListing(context.caller, { id, courseVersionId, expectedVersion }));
  }

  @Authenticated()
  @Mutation(() => ListingPayload, { description: 'Ends one’s own listing for good; licences that were sold stay valid. For providers.' })
  archiveListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('expectedVersion', () => Int, EXPECTED_VERSION) expectedVersion?: number | null): Answer {
    return answer(context, context.application.listings.archiveListing(context.caller, { id, expectedVersion }));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => ListingPayload, { description: 'Puts a listing forward, or no longer; not while it is under review. For platform administrators.' })
  featureListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('featured', () => Boolean, { description: 'Whether it is put forward.' }) featured: boolean): Answer {
    return answer(context, context.application.listings.featureListing(context.caller, { id, featured }));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => ListingPayload, { description: 'Accepts what was reviewed: SUBMITTED → APPROVED. Refused unless the provider’s identity is verified at this moment. For platform administrators.' })
  approveListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('expectedVersion', () => Int, REVIEWED_VERSION) expectedVersion: number): Answer {
    return answer(context, context.application.listings.approveListing(context.caller, { id, expectedVersion }));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => ListingPayload, { description: 'Sends a listing back to its provider: SUBMITTED → DRAFT. For platform administrators.' })
  rejectListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('reason', () => String, REASON) reason: string, @Arg('expectedVersion', () => Int, REVIEWED_VERSION) expectedVersion: number): Answer {
    return answer(context, context.application.listings.rejectListing(context.caller, { id, reason, expectedVersion }));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => ListingPayload, { description: 'Takes a listing off sale at once; licences that were sold stay valid. For platform administrators.' })
  suspendListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string, @Arg('reason', () => String, REASON) reason: string): Answer {
    return answer(context, context.application.listings.suspendListing(context.caller, { id, reason }));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => ListingPayload, { description: 'Ends a suspension: the listing is again what it was before. For platform administrators.' })
  reinstateListing(@Ctx() context: OperationContext, @Arg('id', () => ID, LISTING_ID) id: string): Answer {
    return answer(context, context.application.listings.reinstateListing(context.caller, { id }));
  }
}

async function answer({ loaders }: OperationContext, result: Promise<Result<ListingId>>): Answer {
  return payload('listing', await result, (id) => loaders.listing.clear(id).load(id));
}

import { setTimeout as pause } from 'node:timers/promises';
import { accepted, Refused } from './graph';
import type { DemoCreatePlanMutationVariables, DemoPublishListingMutation } from './operations/generated';
import { DemoApproveListingDocument, DemoCreateListingDocument, DemoCreatePlanDocument, DemoPublishListingDocument, DemoSubmitListingDocument } from './operations/generated';
import { authorCourse } from './people';
import type { Neighbourhood, Person } from './people';

type Plan = Omit<DemoCreatePlanMutationVariables['input'], 'listingId'>;
export type LiveListing = NonNullable<DemoPublishListingMutation['publishListing']['listing']>;

interface Offer {
  readonly title: string;
  readonly tagline: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly plans: readonly Plan[];
}

const ONE_LEARNER: Plan = { kind: 'ONE_TIME', name: 'For one', prices: [{ amount: '49.00', currency: 'EUR' }, { amount: '55.00', currency: 'USD' }] };

const BY_THE_MONTH: Plan = { kind: 'SUBSCRIPTION', name: 'By the month', billingInterval: 'MONTH', trialDays: 1, prices: [{ amount: '9.00', currency: 'EUR' }] };

export const OFFERS: readonly Offer[] = [
  {
    title: 'Tracing distributed systems', tagline: 'Find the slow part before your users do.',
    description: 'Spans, context and sampling, on **a system that you take apart** yourself.', tags: ['observability', 'tracing'],
    plans: [ONE_LEARNER, { kind: 'SEAT_PACK', name: 'Team of ten', seatsIncluded: 10, prices: [{ amount: '390.00', currency: 'EUR' }] }],
  },
  {
    title: 'PostgreSQL for application developers', tagline: 'Indexes, locks and plans without fear.',
    description: 'From the first `explain` to row level security.', tags: ['databases', 'postgresql'],
    plans: [ONE_LEARNER, BY_THE_MONTH, { kind: 'SITE_LICENSE', name: 'Everybody', accessDays: 365, prices: [{ amount: '4900.00', currency: 'EUR' }] }],
  },
  {
    title: 'Accessible web interfaces', tagline: 'For everyone, with the keyboard first.',
    description: 'Semantics, focus, contrast, and how to test them.', tags: ['web', 'accessibility'],
    plans: [{ kind: 'ONE_TIME', name: 'For one', prices: [{ amount: '29.90', currency: 'EUR' }, { amount: '4500', currency: 'JPY' }] }],
  },
];

/** Puts the offers on sale the way a provider and a reviewer do. */
export async function openShop(neighbourhood: Neighbourhood, provider: Person, reviewer: Person): Promise<LiveListing[]> {
  const listings: LiveListing[] = [];
  for (const offer of OFFERS) listings.push(await putOnSale(neighbourhood, provider, reviewer, offer));
  return listings;
}

async function putOnSale(neighbourhood: Neighbourhood, { graph, ...provider }: Person, reviewer: Person, { plans, ...copy }: Offer): Promise<LiveListing> {
  const { courseId, courseVersionId } = await authorCourse(neighbourhood, { graph, ...provider }, copy.title);
  const { createListing } = await graph.ask(DemoCreateListingDocument, { input: { courseId, courseVersionId, ...copy } });
  const { id } = accepted('createListing', createListing.listing, createListing.userErrors);
  for (const plan of plans) {
    const { createPricingPlan } = await graph.ask(DemoCreatePlanDocument, { input: { listingId: id, ...plan } });
    accepted('createPricingPlan', createPricingPlan.plan, createPricingPlan.userErrors);
  }
  const { version } = await onceKnown('COURSE_VERSION_NOT_PUBLISHED', async () => {
    const { submitListing } = await graph.ask(DemoSubmitListingDocument, { id });
    return accepted('submitListing', submitListing.listing, submitListing.userErrors);
  });
  const { approveListing } = await reviewer.graph.ask(DemoApproveListingDocument, { id, expectedVersion: version });
  accepted('approveListing', approveListing.listing, approveListing.userErrors);
  return onceKnown('PLAY_PACKAGE_NOT_BUILT', async () => {
    const { publishListing } = await graph.ask(DemoPublishListingDocument, { id });
    return accepted('publishListing', publishListing.listing, publishListing.userErrors);
  });
}

/** Catalog's and content's events may still be on their way: what they would allow is tried until they are in. */
async function onceKnown<Value>(code: string, attempt: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Refused && error.errors.every((each) => each.code === code))) throw error;
      await pause(100);
    }
  }
}

import { randomUUID } from 'node:crypto';
import {
  ApproveListingDocument, CreateListingDocument, CreatePricingPlanDocument, ListingByIdDocument, PlaceOrderDocument, PublishListingDocument, SubmitListingDocument,
} from '../e2e/operations/generated';
import type { CreatePricingPlanInput, PlaceOrderInput } from '../e2e/operations/generated';
import { httpClient, wsClient } from './graphql-client';
import type { HttpClient } from './graphql-client';
import type { Role, SandboxClient } from './sandbox-client';
import { waitFor } from './wait';

/** Where a person's requests go: the supergraph, or one replica's subgraph. */
export interface Entrance {
  readonly url: string;
  readonly sandbox: SandboxClient;
}

export interface Person {
  readonly sub: string;
  readonly tid: string;
  readonly token: string;
  readonly http: HttpClient;
  readonly ws: () => ReturnType<typeof wsClient>;
}

/** Somebody with a real token of the sandbox's identity-service. */
export async function person({ url, sandbox }: Entrance, roles: readonly Role[], ids: { readonly sub?: string; readonly tid?: string } = {}): Promise<Person> {
  const { accessToken, sub, tid } = await sandbox.token({ sub: ids.sub ?? randomUUID(), tid: ids.tid ?? randomUUID(), roles });
  return { sub, tid, token: accessToken, http: httpClient(url, accessToken), ws: () => wsClient(url, accessToken) };
}

export const PLANS = {
  single: { kind: 'ONE_TIME', name: 'Single', prices: [{ amount: '49.00', currency: 'EUR' }, { amount: '55.00', currency: 'USD' }] },
  pack: { kind: 'SEAT_PACK', name: 'Team of five', seatsIncluded: 5, prices: [{ amount: '100.00', currency: 'EUR' }] },
  site: { kind: 'SITE_LICENSE', name: 'Everyone', prices: [{ amount: '990.00', currency: 'EUR' }] },
  monthly: { kind: 'SUBSCRIPTION', name: 'By the month', billingInterval: 'MONTH', prices: [{ amount: '59.00', currency: 'EUR' }] },
  trial: { kind: 'SUBSCRIPTION', name: 'Try it for two weeks', billingInterval: 'MONTH', trialDays: 14, prices: [{ amount: '60.00', currency: 'EUR' }] },
  free: { kind: 'ONE_TIME', name: 'Free taster', prices: [{ amount: '0.00', currency: 'EUR' }] },
} as const satisfies Record<string, Omit<CreatePricingPlanInput, 'listingId'>>;
export type PlanName = keyof typeof PLANS;
type PlanOffer = Omit<CreatePricingPlanInput, 'listingId'>;

export interface Shop {
  readonly provider: Person;
  readonly admin: Person;
  readonly courseId: string;
  readonly courseVersionId: string;
  readonly listingId: string;
  readonly plans: Readonly<Record<PlanName, string>>;
}

/** One provider with one live listing and a plan of each kind, made the way a provider makes them. */
export async function openShop(entrance: Entrance): Promise<Shop> {
  const provider = await person(entrance, ['provider']);
  const admin = await person(entrance, ['platform_admin']);
  return { provider, admin, ...(await openListing(entrance.sandbox, { provider, admin }, PLANS)) };
}

/** A live listing of the provider with these plans, reviewed by the administrator. */
export async function openListing<N extends string>(sandbox: SandboxClient, { provider, admin }: Pick<Shop, 'provider' | 'admin'>, offers: Readonly<Record<N, PlanOffer>>) {
  const { courseId, courseVersionId } = await sandbox.course({ title: 'Observability in a week', tid: provider.tid, format: 'SCORM_1_2' });
  const created = await provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, title: 'Observability in a week', description: 'Traces, metrics, logs.', tags: ['devops'] } });
  const listingId = created.createListing.listing?.id ?? fail('createListing', created);
  const plans: Record<string, string> = {};
  for (const [name, plan] of Object.entries<PlanOffer>(offers)) {
    const made = await provider.http.data(CreatePricingPlanDocument, { input: { listingId, ...plan } });
    plans[name] = made.createPricingPlan.plan?.id ?? fail('createPricingPlan', made);
  }
  await provider.http.data(SubmitListingDocument, { id: listingId });
  const submitted = await admin.http.data(ListingByIdDocument, { id: listingId });
  await admin.http.data(ApproveListingDocument, { id: listingId, expectedVersion: submitted.listing?.version ?? fail('submitListing', submitted) });
  await waitFor(async () => {
    const published = await provider.http.data(PublishListingDocument, { id: listingId });
    return published.publishListing.listing?.status === 'LIVE' ? published : undefined;
  }, { withinMs: 10_000, what: 'the listing to go live' });
  return { courseId, courseVersionId, listingId, plans: plans as Record<N, string> };
}

/** An order of one line; refuses to go on when it was not placed. */
export async function place(buyer: Person, planId: string, input: Partial<PlaceOrderInput> & { readonly learnerIds?: readonly string[] } = {}): Promise<string> {
  const { learnerIds, ...rest } = input;
  const line = { pricingPlanId: planId, ...(learnerIds ? { learnerIds } : {}) };
  const placed = await buyer.http.data(PlaceOrderDocument, { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [line], ...rest } });
  return placed.placeOrder.order?.id ?? fail('placeOrder', placed);
}

function fail(what: string, answer: unknown): never {
  throw new Error(`${what} was refused: ${JSON.stringify(answer)}`);
}

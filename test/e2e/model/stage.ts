import { ListingBlockersDocument, CreateListingDocument } from '../operations/generated';
import { person } from '../../support/shop';
import type { Entrance, Person } from '../../support/shop';
import { waitFor } from '../../support/wait';
import type { World } from '../../support/world';
import { Model } from './rules';
import type { Buyer } from './rules';

/** The people of one run, strangers to those of all others, and the course that they deal in. */
export interface Stage {
  readonly world: World;
  readonly provider: Person;
  readonly rival: Person;
  readonly admin: Person;
  readonly buyers: readonly { readonly person: Person; readonly is: Buyer }[];
  readonly courseId: string;
  readonly courseVersionId: string;
}

export async function setTheStage(world: World): Promise<{ model: Model; real: Stage }> {
  const entrance: Entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  const [provider, rival, admin, company, single] = await Promise.all([
    person(entrance, ['provider']), person(entrance, ['provider']), person(entrance, ['platform_admin']), person(entrance, ['org_admin', 'buyer']), person(entrance, ['buyer']),
  ]);
  for (const { tid } of [company, single]) await world.sandbox.behaviour(tid, { payment: 'manual' });
  const course = await world.sandbox.course({ title: 'Knots', tid: provider.tid });
  const real: Stage = {
    world, provider, rival, admin, ...course,
    buyers: [company, single].map((one, index) => ({ person: one, is: { index, sub: one.sub, orgAdmin: index === 0 } })),
  };
  const model = new Model();
  await openFirstListing(real, model);
  return { model, real };
}

/** A draft whose package has been heard of: the model takes that for granted. */
async function openFirstListing({ provider, courseId, courseVersionId }: Stage, model: Model): Promise<void> {
  const { createListing } = await provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, title: 'Knots', description: 'That hold.' } });
  const id = createListing.listing?.id ?? '';
  model.listings.push({ id, status: 'DRAFT', before: 'DRAFT', version: 1, featured: false, plans: [] });
  await waitFor(async () => {
    const { listing } = await provider.http.data(ListingBlockersDocument, { id });
    return listing && !(listing.blockers ?? []).includes('PLAY_PACKAGE_NOT_BUILT');
  }, { withinMs: 10_000, what: 'the package to be built' });
}

/** The codes of a refusal, each once, sorted. */
export function codesOf(userErrors: readonly { readonly code: string }[]): string[] {
  return [...new Set(userErrors.map(({ code }) => code))].sort();
}

export function inEuro(cents: number): { amount: string; currency: string } {
  return { amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`, currency: 'EUR' };
}

/** The one that a number stands for, however many there are by now. */
export function nth<T>(all: readonly T[], number: number): T {
  const one = all[number % all.length];
  if (one === undefined) throw new Error('there is none yet');
  return one;
}

import type { AsyncCommand } from 'fast-check';
import {
  ApproveListingDocument, ArchiveListingDocument, CreateCouponDocument, CreateListingDocument, CreatePricingPlanDocument, DeactivateCouponDocument, FeatureListingDocument,
  PublishListingDocument, ReinstateListingDocument, RejectListingDocument, RetirePricingPlanDocument, RevisePricingPlanDocument, SubmitListingDocument, SuspendListingDocument,
  UpdateListingDocument, WithdrawListingDocument,
} from '../operations/generated';
import type { ListingPartsFragment } from '../operations/generated';
import type { Person } from '../../support/shop';
import { changed, isEditable, isPurchasable, UNVERSIONED } from './rules';
import type { Change, Listing, Model, Who } from './rules';
import { codesOf, inEuro, nth } from './stage';
import type { Stage } from './stage';

export type ModelCommand = AsyncCommand<Model, Stage>;
type Answer = { readonly listing?: ListingPartsFragment | null; readonly userErrors: readonly { readonly code: string }[] };

const SEND: Readonly<Record<Change, (by: Person, id: string, expectedVersion: number) => Promise<Answer>>> = {
  update: async (by, id, expectedVersion) => (await by.http.data(UpdateListingDocument, { input: { id, expectedVersion, tagline: 'Again' } })).updateListing,
  submit: async (by, id, expectedVersion) => (await by.http.data(SubmitListingDocument, { id, expectedVersion })).submitListing,
  withdraw: async (by, id, expectedVersion) => (await by.http.data(WithdrawListingDocument, { id, expectedVersion })).withdrawListing,
  publish: async (by, id, expectedVersion) => (await by.http.data(PublishListingDocument, { id, expectedVersion })).publishListing,
  archive: async (by, id, expectedVersion) => (await by.http.data(ArchiveListingDocument, { id, expectedVersion })).archiveListing,
  approve: async (by, id, expectedVersion) => (await by.http.data(ApproveListingDocument, { id, expectedVersion })).approveListing,
  reject: async (by, id, expectedVersion) => (await by.http.data(RejectListingDocument, { id, expectedVersion, reason: 'Too short.' })).rejectListing,
  suspend: async (by, id) => (await by.http.data(SuspendListingDocument, { id, reason: 'A complaint.' })).suspendListing,
  reinstate: async (by, id) => (await by.http.data(ReinstateListingDocument, { id })).reinstateListing,
  feature: async (by, id) => (await by.http.data(FeatureListingDocument, { id, featured: true })).featureListing,
};

export class CreateListing implements ModelCommand {
  constructor(private readonly title: string) {}
  readonly check = ({ listings }: Model) => listings.length < 3;
  async run(model: Model, { provider, courseId, courseVersionId }: Stage): Promise<void> {
    const { createListing: answer } = await provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, title: this.title, description: 'That hold.' } });
    expect(codesOf(answer.userErrors)).toEqual(this.title === '' ? ['INVALID_INPUT'] : []);
    if (answer.listing) model.listings.push({ id: answer.listing.id, status: 'DRAFT', before: 'DRAFT', version: 1, featured: false, plans: [] });
  }
  readonly toString = () => `create listing "${this.title}"`;
}

export class ChangeListing implements ModelCommand {
  constructor(private readonly which: number, private readonly change: Change, private readonly who: Who, private readonly stale: boolean) {}
  readonly check = ({ listings }: Model) => listings.length > 0;
  async run(model: Model, real: Stage): Promise<void> {
    const listing = nth(model.listings, this.which);
    const stale = this.stale && !UNVERSIONED.includes(this.change);
    const expected = changed(model, listing, this.change, this.who, stale);
    const answer = await SEND[this.change](real[this.who], listing.id, listing.version + (stale ? 1 : 0));
    expect(codesOf(answer.userErrors)).toEqual('code' in expected ? [expected.code] : []);
    if (!('to' in expected)) return;
    if (expected.to === 'SUSPENDED' && listing.status !== 'SUSPENDED') listing.before = listing.status;
    Object.assign(listing, { status: expected.to, version: listing.version + 1, featured: listing.featured || this.change === 'feature' });
    expectSame(answer.listing, listing);
  }
  readonly toString = () => `${this.who}: ${this.change} listing ${this.which}${this.stale ? ' (stale)' : ''}`;
}

function expectSame(real: ListingPartsFragment | null | undefined, listing: Listing): void {
  const { id, status, version, featured } = listing;
  expect(real).toMatchObject({ id, status, version, featured, purchasable: isPurchasable(listing) });
  expect(real?.history).toHaveLength(version);
}

/** A way that every shop goes: without it most runs would end before anything can be bought. */
export class GoLive implements ModelCommand {
  constructor(private readonly which: number) {}
  readonly check = (model: Model) => model.verified && nth(model.listings, this.which).status === 'DRAFT' && nth(model.listings, this.which).plans.some(({ active }) => active);
  async run(model: Model, real: Stage): Promise<void> {
    for (const [change, who] of [['submit', 'provider'], ['approve', 'admin'], ['publish', 'provider']] as const) await new ChangeListing(this.which, change, who, false).run(model, real);
  }
  readonly toString = () => `listing ${this.which} goes live`;
}

export class Verify implements ModelCommand {
  constructor(private readonly verified: boolean) {}
  readonly check = () => true;
  async run(model: Model, { world, provider }: Stage): Promise<void> {
    await world.sandbox.behaviour(provider.tid, { kyc: this.verified ? 'verified' : 'pending' });
    model.verified = this.verified;
  }
  readonly toString = () => `the provider is ${this.verified ? '' : 'not '}verified`;
}

export class AddPlan implements ModelCommand {
  constructor(private readonly which: number, private readonly price: number, private readonly seats: number) {}
  readonly check = ({ listings }: Model) => nth(listings, this.which).plans.length < 20;
  async run({ listings }: Model, { provider }: Stage): Promise<void> {
    const listing = nth(listings, this.which);
    const kind = this.seats === 1 ? 'ONE_TIME' : 'SEAT_PACK';
    const { createPricingPlan: answer } = await provider.http.data(CreatePricingPlanDocument, {
      input: { listingId: listing.id, kind, name: 'A plan', prices: [inEuro(this.price)], ...(this.seats === 1 ? {} : { seatsIncluded: this.seats }) } });
    expect(codesOf(answer.userErrors)).toEqual(isEditable(listing.status) ? [] : ['ILLEGAL_TRANSITION']);
    if (answer.plan) listing.plans.push({ id: answer.plan.id, kind, seats: this.seats, price: this.price, active: true, revision: 1 });
  }
  readonly toString = () => `listing ${this.which}: a plan of ${this.seats} for ${this.price}`;
}

/** Another price, or (null) off sale. */
export class ChangePlan implements ModelCommand {
  constructor(private readonly which: number, private readonly plan: number, private readonly price: number | null) {}
  readonly check = ({ listings }: Model) => nth(listings, this.which).plans.length > 0;
  async run({ listings }: Model, { provider }: Stage): Promise<void> {
    const listing = nth(listings, this.which);
    const plan = nth(listing.plans, this.plan);
    const answer = this.price === null
      ? (await provider.http.data(RetirePricingPlanDocument, { id: plan.id })).retirePricingPlan
      : (await provider.http.data(RevisePricingPlanDocument, { input: { id: plan.id, prices: [inEuro(this.price)] } })).revisePricingPlan;
    const refused = !isEditable(listing.status) ? ['ILLEGAL_TRANSITION'] : this.price !== null && !plan.active ? ['PLAN_NOT_ACTIVE'] : [];
    expect(codesOf(answer.userErrors)).toEqual(refused);
    if (refused.length > 0) return;
    if (this.price === null) plan.active = false;
    else Object.assign(plan, { price: this.price, revision: plan.revision + 1 });
    expect(answer.plan).toMatchObject({ revision: plan.revision, active: plan.active, prices: [inEuro(plan.price)] });
  }
  readonly toString = () => `listing ${this.which}: plan ${this.plan} ${this.price === null ? 'is retired' : `costs ${this.price}`}`;
}

let codes = 0;
export class CreateCoupon implements ModelCommand {
  constructor(private readonly off: { percent: number } | { amount: number }, private readonly max: number | null, private readonly taken: boolean) {}
  readonly check = ({ coupons }: Model) => coupons.length < 5;
  async run({ coupons }: Model, { provider }: Stage): Promise<void> {
    const taken = this.taken && coupons.length > 0;
    const code = taken ? nth(coupons, 0).code.toLowerCase() : `MODEL-${process.pid}-${++codes}`;
    const [percent, amount] = 'percent' in this.off ? [this.off.percent, null] : [null, this.off.amount];
    const { createCoupon: answer } = await provider.http.data(CreateCouponDocument, {
      input: { code, maxRedemptions: this.max, ...(percent === null ? { amountOff: inEuro(amount) } : { percentOff: String(percent) }) } });
    expect(codesOf(answer.userErrors)).toEqual(taken ? ['INVALID_INPUT'] : []);
    if (answer.coupon) coupons.push({ id: answer.coupon.id, code, percent, amount, max: this.max, active: true });
  }
  readonly toString = () => `coupon ${JSON.stringify(this.off)}, ${this.max ?? 'any number of'} uses${this.taken ? ', a code that is taken' : ''}`;
}

export class EndCoupon implements ModelCommand {
  constructor(private readonly which: number, private readonly who: 'provider' | 'rival') {}
  readonly check = ({ coupons }: Model) => coupons.length > 0;
  async run({ coupons }: Model, real: Stage): Promise<void> {
    const coupon = nth(coupons, this.which);
    const { deactivateCoupon: answer } = await real[this.who].http.data(DeactivateCouponDocument, { id: coupon.id });
    expect(codesOf(answer.userErrors)).toEqual(this.who === 'rival' ? ['NOT_FOUND'] : []);
    if (this.who === 'provider') coupon.active = false;
  }
  readonly toString = () => `${this.who}: coupon ${this.which} ends`;
}

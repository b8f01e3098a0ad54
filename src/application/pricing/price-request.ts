import { parseCurrency, equal, zero } from '../../domain/money';
import type { CurrencyCode } from '../../domain/money';
import { parseId } from '../../domain/ids';
import type { CourseVersionId, ListingId, PricingPlanId, StorefrontId, UserId } from '../../domain/ids';
import type { CourseVersion, Listing } from '../../domain/listing/listing';
import type { PlanTerms, PricingPlan } from '../../domain/pricing/plan';
import { discountLine, MAX_LINES, MAX_QUANTITY, MAX_SEATS_PER_LINE, priceLine, seatsOf, totalsOf } from '../../domain/pricing/quote';
import type { PricedLine, Totals } from '../../domain/pricing/quote';
import { hasRole } from '../actor';
import type { Caller } from '../actor';
import type { CouponReader, ListingReader, PlanReader } from '../ports/readers';
import type { StorefrontReader } from '../ports/storefronts';
import type { SubscriptionStore } from '../ports/subscriptions';
import type { Tx } from '../ports/unit-of-work';
import { userError } from '../user-error';
import type { UserError } from '../user-error';
import { couponAnswer, couponRefused } from './coupon-request';
import type { AppliedCoupon, CouponAnswer, CouponOutcome } from './coupon-request';
import type { OrderLineRequest, QuoteRequest } from './quote';
import { storefrontAnswer } from './storefront-request';
import type { StorefrontAnswer } from './storefront-request';

const MAX_LEARNERS_PER_LINE = 1_000;

/** Who may place orders at all (domain-rules, "Roles"). */
export function mayOrder(caller: Caller): boolean {
  return hasRole(caller, 'buyer') || hasRole(caller, 'org_admin');
}

export function notForOrdering(): UserError {
  return userError('FORBIDDEN', 'Placing an order takes the role of a buyer or an organisation’s admin.');
}

/** A line that may be bought at this price, with all that the order has to remember of it. */
export interface PurchasableLine extends PricedLine {
  readonly listing: Listing;
  /** Begins with a trial: nothing is due yet. */
  readonly trial: boolean;
  readonly courseVersion: CourseVersion & { readonly playPackageId: string; readonly packageFormat: NonNullable<CourseVersion['packageFormat']> };
}
export interface LineOutcome {
  readonly index: number;
  readonly quantity: number;
  /** Null: not to be found for the caller. */
  readonly plan: PricingPlan | null;
  readonly priced: PricedLine | null;
  readonly purchasable: PurchasableLine | null;
}
export interface PricedRequest {
  readonly currency: CurrencyCode | null;
  readonly lines: readonly LineOutcome[];
  /** Null while a line has no price. */
  readonly totals: Totals | null;
  /** What became of the code; null without one, and while it cannot be judged. */
  readonly coupon: CouponOutcome | null;
  readonly appliedCoupon: AppliedCoupon | null;
  readonly storefrontId: StorefrontId | null;
  /** Everything that keeps the request from being bought, all at once. */
  readonly problems: readonly UserError[];
}
export interface PricingReaders {
  readonly plans: PlanReader;
  readonly listings: ListingReader;
  readonly coupons: Pick<CouponReader, 'offered'>;
  readonly storefronts: Pick<StorefrontReader, 'bySlugs' | 'chosen'>;
  readonly trials: Pick<SubscriptionStore, 'trialsUsed'>;
}

/** Prices a request as the caller would buy it: the one code behind `quote` and `placeOrder`. */
export async function priceRequest(tx: Tx, readers: PricingReaders, caller: Caller, request: QuoteRequest): Promise<PricedRequest> {
  const currency = parseCurrency(request.currency);
  const problems: UserError[] = [];
  if (caller.kind === 'user' && !mayOrder(caller)) problems.push(notForOrdering());
  if (!currency) problems.push(userError('INVALID_INPUT', `${request.currency} is not an ISO 4217 currency code.`, ['input', 'currency']));
  if (request.lines.length === 0) problems.push(userError('INVALID_INPUT', 'An order needs at least one line.', ['input', 'lines']));
  if (request.lines.length > MAX_LINES) {
    problems.push(userError('INVALID_INPUT', `An order has at most ${MAX_LINES} lines.`, ['input', 'lines'], { max: String(MAX_LINES) }));
    return { currency, lines: [], totals: null, coupon: null, appliedCoupon: null, storefrontId: null, problems };
  }
  const storefront = await storefrontAnswer(tx, readers.storefronts, request.storefrontSlug, currency);
  problems.push(...storefront.problems);
  const offers = { ...(await readOffers(tx, readers, caller, request.lines)), sells: storefront.sells };
  const lines = request.lines.map((line, index) => {
    const checker = new LineCheck(caller, line, index, currency, offers);
    const outcome = checker.run();
    problems.push(...checker.problems);
    return outcome;
  });
  const priced = lines.flatMap((line) => line.priced ?? []);
  const complete = lines.length > 0 && priced.length === lines.length;
  const answer = currency && request.couponCode !== undefined ? await couponAnswer(tx, readers.coupons, caller, request.couponCode, { currency, lines: priced, complete }) : null;
  if (answer?.outcome.reason) problems.push(couponRefused(answer.outcome.reason, answer.outcome.code));
  const discounted = complete ? withCoupon(lines, answer) : lines;
  const totals = currency && complete ? totalsOf(discounted.flatMap((line) => line.priced ?? []), currency) : null;
  return { currency, lines: discounted, totals, coupon: answer?.outcome ?? null, appliedCoupon: answer?.applied ?? null, storefrontId: storefront.storefrontId, problems };
}

function withCoupon(lines: readonly LineOutcome[], answer: CouponAnswer | null): readonly LineOutcome[] {
  if (!answer?.applied) return lines;
  const { discounts, funding } = answer.applied;
  const off = <Line extends PricedLine>(line: Line | null, index: number): Line | null => (line && discounts[index] ? discountLine(line, discounts[index], funding) : line);
  return lines.map((line, index) => ({ ...line, priced: off(line.priced, index), purchasable: off(line.purchasable, index) }));
}

interface Offers extends Pick<StorefrontAnswer, 'sells'> {
  readonly plans: ReadonlyMap<string, PricingPlan>;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly versions: ReadonlyMap<string, CourseVersion>;
  /** Listings that the caller has had a trial of; a line that takes one adds its own. */
  readonly trialsUsed: Set<ListingId>;
}

async function readOffers(tx: Tx, readers: PricingReaders, caller: Caller, lines: readonly OrderLineRequest[]): Promise<Omit<Offers, 'sells'>> {
  const ids = lines.flatMap((line) => parseId<PricingPlanId>(line.pricingPlanId) ?? []);
  const plans = ids.length > 0 ? await readers.plans.byIds(tx, [...new Set(ids)]) : [];
  const listings = plans.length > 0 ? await readers.listings.byIds(tx, [...new Set(plans.map((plan) => plan.listingId))]) : [];
  const versions = listings.length > 0 ? await readers.listings.courseVersions(tx, [...new Set(listings.map((listing) => listing.courseVersionId))]) : [];
  const withTrial = plans.filter(({ terms }) => terms.trialDays > 0).map((plan) => plan.listingId);
  const trialsUsed = caller.kind === 'user' && withTrial.length > 0 ? await readers.trials.trialsUsed(tx, caller, withTrial) : [];
  return {
    trialsUsed: new Set(trialsUsed),
    plans: new Map(plans.map((plan) => [plan.id, plan])),
    listings: new Map(listings.map((listing) => [listing.id, listing])),
    versions: new Map(versions.map((version) => [version.courseVersionId as CourseVersionId, version])),
  };
}

/** Checks and prices one line, gathering every problem it has. */
class LineCheck {
  readonly problems: UserError[] = [];
  private readonly path: readonly string[];

  constructor(
    private readonly caller: Caller,
    private readonly line: OrderLineRequest,
    private readonly index: number,
    private readonly currency: CurrencyCode | null,
    private readonly offers: Offers,
  ) {
    this.path = ['input', 'lines', String(index)];
  }

  run(): LineOutcome {
    const { index, line } = this;
    const plan = this.offers.plans.get(parseId(line.pricingPlanId) ?? '') ?? null;
    const listing = plan ? this.offers.listings.get(plan.listingId) : undefined;
    if (!plan || !listing) {
      this.problem('NOT_FOUND', 'There is no such pricing plan.', 'pricingPlanId');
      return { index, quantity: line.quantity, plan: null, priced: null, purchasable: null };
    }
    const courseVersion = this.checkOffer(plan, listing);
    const learnerIds = this.learners(plan.terms);
    const price = this.checkQuantity(plan.terms) ? this.price(plan) : null;
    const trial = this.takeTrial(plan);
    const priced = price ? priceLine(plan, line.quantity, learnerIds, trial ? zero(price.currency) : price) : null;
    const purchasable = priced && courseVersion && this.problems.length === 0 ? { ...priced, listing, courseVersion, trial } : null;
    return { index, quantity: line.quantity, plan, priced, purchasable };
  }

  private checkOffer(plan: PricingPlan, listing: Listing): PurchasableLine['courseVersion'] | null {
    const version = this.offers.versions.get(listing.courseVersionId);
    if (!plan.active) this.problem('PLAN_NOT_ACTIVE', `The plan “${plan.terms.name}” is no longer sold.`, 'pricingPlanId');
    if (!this.offers.sells(listing.id)) {
      this.problem('LISTING_NOT_PURCHASABLE', `“${listing.title}” is not sold in this storefront.`, 'pricingPlanId');
      return null;
    }
    const { playPackageId, packageFormat } = version ?? {};
    if (listing.status !== 'LIVE' || !version || !playPackageId || !packageFormat) {
      this.problem('LISTING_NOT_PURCHASABLE', `“${listing.title}” cannot be bought at the moment.`, 'pricingPlanId');
      return null;
    }
    return { ...version, playPackageId, packageFormat };
  }

  /** One for a tenant, buyer and listing: the first line that asks for it. */
  private takeTrial({ terms, listingId }: PricingPlan): boolean {
    if (terms.trialDays === 0 || this.offers.trialsUsed.has(listingId)) return false;
    this.offers.trialsUsed.add(listingId);
    return true;
  }

  private checkQuantity(terms: PlanTerms): boolean {
    const { quantity } = this.line;
    const seats = seatsOf(terms, Math.max(1, quantity));
    if (quantity < 1 || quantity > MAX_QUANTITY) {
      this.problem('QUANTITY_OUT_OF_RANGE', `A quantity is between 1 and ${MAX_QUANTITY}.`, 'quantity', { min: '1', max: String(MAX_QUANTITY) });
      return false;
    }
    if (seats !== null && seats > MAX_SEATS_PER_LINE) {
      this.problem('QUANTITY_OUT_OF_RANGE', `One line has at most ${MAX_SEATS_PER_LINE} seats; this would be ${seats}.`, 'quantity', { maxSeats: String(MAX_SEATS_PER_LINE), seats: String(seats) });
      return false;
    }
    return true;
  }

  private price(plan: PricingPlan) {
    if (!this.currency) return null;
    const price = plan.prices.find((candidate) => candidate.currency === this.currency);
    if (!price) {
      const offered = plan.prices.map((candidate) => candidate.currency).join(', ');
      this.problem('CURRENCY_NOT_OFFERED', `The plan “${plan.terms.name}” is not sold in ${this.currency}, only in ${offered}.`, 'pricingPlanId', { offered });
    }
    return price ?? null;
  }

  /** The learners to seat at once; buying for others, seat packs and site licences take an org admin. */
  private learners(terms: PlanTerms): UserId[] {
    const { caller, line } = this;
    const orgAdmin = hasRole(caller, 'org_admin');
    const self = caller.kind === 'user' ? caller.userId : null;
    if (self && !orgAdmin && (terms.kind === 'SEAT_PACK' || terms.kind === 'SITE_LICENSE')) this.problem('FORBIDDEN', 'Seat packs and site licences are bought by an organisation’s admin.', 'pricingPlanId');
    const seats = seatsOf(terms, line.quantity);
    if (line.learnerIds === undefined) return seats === 1 && self ? [self] : [];
    const learners = this.parseLearners(line.learnerIds);
    if (self && !orgAdmin && learners.some((learner) => learner !== self)) this.problem('FORBIDDEN', 'Buying for others takes an organisation’s admin.', 'learnerIds');
    if (learners.length > Math.min(seats ?? MAX_LEARNERS_PER_LINE, MAX_LEARNERS_PER_LINE)) {
      const max = Math.min(seats ?? MAX_LEARNERS_PER_LINE, MAX_LEARNERS_PER_LINE);
      this.problem('QUANTITY_OUT_OF_RANGE', `At most ${max} learners can be seated with this line.`, 'learnerIds', { max: String(max) });
    }
    return learners;
  }

  private parseLearners(ids: readonly string[]): UserId[] {
    const learners = ids.flatMap((id, position) => {
      const learner = parseId<UserId>(id);
      if (!learner) this.problem('INVALID_INPUT', 'A learner is named by a UUID.', ['learnerIds', String(position)]);
      return learner ?? [];
    });
    if (new Set(learners).size < learners.length) this.problem('INVALID_INPUT', 'A learner is named twice.', 'learnerIds');
    return learners;
  }

  private problem(code: UserError['code'], message: string, field: string | readonly string[], params?: Record<string, string>): void {
    this.problems.push(userError(code, message, [...this.path, ...(typeof field === 'string' ? [field] : field)], params));
  }
}

/** The price has moved since the buyer saw it: nothing is placed. */
export function priceChanged(totals: Totals, expected: Totals['total']): boolean {
  return !equal(totals.total, expected);
}

/*
 * The rules of the marketplace once more, as simply as they can be said, and from the rules alone: nothing of the
 * service is imported. What the service answers is held against what these say. Money is in cents of EUR.
 */
export type Status = 'DRAFT' | 'SUBMITTED' | 'APPROVED' | 'LIVE' | 'SUSPENDED' | 'ARCHIVED';
export interface Plan { id: string; kind: 'ONE_TIME' | 'SEAT_PACK'; seats: number; price: number; active: boolean; revision: number }
export interface Listing { id: string; status: Status; before: Status; version: number; featured: boolean; plans: Plan[] }
export interface Coupon { id: string; code: string; percent: number | null; amount: number | null; max: number | null; active: boolean }
export interface Seat { id: string; learner: string | null; started: boolean; everStarted: boolean; revoked: boolean }
export interface Line { listing: Listing; seatCount: number; learner: string | null; total: number; refunded: number; licenseId: string; seats: Seat[] }
export type OrderStatus = 'AWAITING_PAYMENT' | 'FULFILLED' | 'FAILED' | 'CANCELLED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';
export interface Order { id: string; buyer: number; status: OrderStatus; total: number; lines: Line[]; coupon: Coupon | null; paymentUrl: string }
export class Model {
  verified = true;
  readonly listings: Listing[] = [];
  readonly coupons: Coupon[] = [];
  readonly orders: Order[] = [];

  get lines(): Line[] {
    return this.orders.flatMap((order) => (order.lines.some(({ licenseId }) => licenseId !== '') ? order.lines : []));
  }
}

/* ── Listings ── */
export const PROVIDERS = ['update', 'submit', 'withdraw', 'publish', 'archive'] as const;
export const ADMINS = ['approve', 'reject', 'suspend', 'reinstate', 'feature'] as const;
export type Change = (typeof PROVIDERS)[number] | (typeof ADMINS)[number];
export type Who = 'provider' | 'admin' | 'rival';
/** Those that name no version in the contract. */
export const UNVERSIONED: readonly Change[] = ['suspend', 'reinstate', 'feature'];

const TABLE: Readonly<Record<Change, (listing: Listing) => Status | undefined>> = {
  update: ({ status }) => (isEditable(status) ? status : undefined),
  feature: ({ status }) => (isEditable(status) ? status : undefined),
  submit: ({ status }) => (status === 'DRAFT' ? 'SUBMITTED' : undefined),
  withdraw: ({ status }) => (status === 'SUBMITTED' ? 'DRAFT' : undefined),
  reject: ({ status }) => (status === 'SUBMITTED' ? 'DRAFT' : undefined),
  approve: ({ status }) => (status === 'SUBMITTED' ? 'APPROVED' : undefined),
  publish: ({ status }) => (status === 'APPROVED' ? 'LIVE' : undefined),
  suspend: ({ status }) => (status === 'APPROVED' || status === 'LIVE' ? 'SUSPENDED' : undefined),
  reinstate: ({ status, before }) => (status === 'SUSPENDED' ? before : undefined),
  archive: ({ status }) => (status === 'ARCHIVED' ? undefined : 'ARCHIVED'),
};

export function isEditable(status: Status): boolean {
  return status !== 'SUBMITTED' && status !== 'ARCHIVED';
}

/** The status that it leads to, or the code that refuses it. */
export function changed({ verified }: Model, listing: Listing, change: Change, who: Who, staleVersion: boolean): { to: Status } | { code: string } {
  const forProviders = (PROVIDERS as readonly string[]).includes(change);
  if (forProviders === (who === 'admin')) return { code: 'FORBIDDEN' };
  if (who === 'rival') return { code: listing.status === 'LIVE' ? 'FORBIDDEN' : 'NOT_FOUND' };
  if (staleVersion) return { code: 'VERSION_CONFLICT' };
  const to = TABLE[change](listing);
  if (!to) return { code: 'ILLEGAL_TRANSITION' };
  if (change === 'submit' && !listing.plans.some(({ active }) => active)) return { code: 'NO_ACTIVE_PLAN' };
  if (change === 'approve' && !verified) return { code: 'KYC_NOT_VERIFIED' };
  return { to };
}

export function isPurchasable({ status, plans }: Listing): boolean {
  return status === 'LIVE' && plans.some(({ active }) => active);
}

/* ── Purchases ── */
export interface Wish { plan: Plan; listing: Listing; quantity: number; learner: string | null }
export interface Buyer { index: number; sub: string; orgAdmin: boolean }

/** Everything that speaks against buying it, each code once, sorted. */
export function refusals(model: Model, buyer: Buyer, wishes: readonly Wish[], coupon: Coupon | null): string[] {
  const codes = wishes.flatMap((wish) => wrongWith(model, buyer, wish));
  const mine = (wish: Wish) => wish.learner === buyer.sub;
  const twice = wishes.filter((wish) => mine(wish) && wrongWith(model, buyer, wish).length === 0);
  if (twice.length > 1 || (twice.length === 1 && holdsTheCourse(model, buyer))) codes.push('ALREADY_LICENSED');
  const hasPrice = wishes.some((wish) => isVisible(model, buyer, wish.listing) && wish.quantity > 0);
  if (coupon && !coupon.active) codes.push('COUPON_EXPIRED');
  else if (coupon && hasPrice && coupon.max !== null && usesOf(model, coupon) >= coupon.max) codes.push('COUPON_EXHAUSTED');
  return [...new Set(codes)].sort();
}

function wrongWith(model: Model, buyer: Buyer, { plan, listing, quantity, learner }: Wish): string[] {
  if (!isVisible(model, buyer, listing)) return ['NOT_FOUND'];
  return [
    ...(plan.active ? [] : ['PLAN_NOT_ACTIVE']),
    ...(listing.status === 'LIVE' ? [] : ['LISTING_NOT_PURCHASABLE']),
    ...(quantity > 0 ? [] : ['QUANTITY_OUT_OF_RANGE']),
    ...(buyer.orgAdmin || (plan.kind === 'ONE_TIME' && (learner === null || learner === buyer.sub)) ? [] : ['FORBIDDEN']),
  ];
}

function isVisible({ orders }: Model, { index }: Buyer, listing: Listing): boolean {
  return listing.status === 'LIVE' || orders.some((order) => order.buyer === index && order.lines.some((line) => line.listing === listing));
}

/** All listings here sell one course: an order under way for oneself, or a seat of one's own. */
function holdsTheCourse({ orders }: Model, { index, sub }: Buyer): boolean {
  return orders.some((order) => order.buyer === index && order.lines.some((line) => (
    order.status === 'AWAITING_PAYMENT' ? line.learner === sub : line.seats.some((seat) => seat.learner === sub && !seat.revoked))));
}

export function usesOf({ orders }: Model, coupon: Coupon): number {
  return orders.filter((order) => order.coupon === coupon && order.status !== 'FAILED' && order.status !== 'CANCELLED').length;
}

/** What each line costs after the discount, spread by largest remainder, ties to the earlier line. */
export function totalsOf(wishes: readonly Wish[], coupon: Coupon | null): number[] {
  const subtotals = wishes.map(({ plan, quantity }) => plan.price * quantity);
  const all = subtotals.reduce((sum, one) => sum + one, 0);
  const off = coupon === null ? 0 : coupon.percent === null ? Math.min(coupon.amount ?? 0, all) : Math.floor((2 * all * coupon.percent + 100) / 200);
  const shares = subtotals.map((one) => Math.floor((one * off) / all));
  const byRemainder = subtotals.map((one, index) => ({ index, remainder: (one * off) % all })).sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const left = off - shares.reduce((sum, one) => sum + one, 0);
  for (const { index } of byRemainder.slice(0, left)) shares[index]! += 1;
  return subtotals.map((one, index) => one - shares[index]!);
}

/* ── Seats and refunds ── */
export function countsOf(seats: readonly Seat[]): { available: number; held: number; consumed: number } {
  const live = seats.filter(({ revoked }) => !revoked);
  const held = live.filter(({ learner }) => learner !== null);
  const consumed = held.filter(({ started }) => started).length;
  return { available: live.length - held.length, held: held.length - consumed, consumed };
}

export function isRevoked({ seats }: Line): boolean {
  return seats.every(({ revoked }) => revoked);
}

/** What a refund now would give back of the line. */
export function refundOf({ seats, total, refunded }: Line): number {
  const unconsumed = seats.filter(({ everStarted, revoked }) => !everStarted && !revoked).length;
  const rule = seats.some(({ everStarted }) => everStarted) ? Math.floor((total * unconsumed) / seats.length) : total;
  return Math.min(rule, total - refunded);
}

export function refundRefusal({ status, lines }: Order): string | null {
  if (status !== 'FULFILLED' && status !== 'PARTIALLY_REFUNDED') return 'REFUND_NOT_ELIGIBLE';
  if (lines.some((line) => refundOf(line) > 0)) return null;
  return lines.some((line) => line.total > line.refunded && line.seats.some(({ everStarted }) => everStarted)) ? 'REFUND_SEATS_CONSUMED' : 'REFUND_NOT_ELIGIBLE';
}

/** Takes the line's refund: seats that nobody ever started go back, all of them when the whole line does. */
export function refund(line: Line): void {
  line.refunded += refundOf(line);
  for (const seat of line.seats) if (!seat.everStarted || line.refunded === line.total) seat.revoked = true;
}

import { randomUUID } from 'node:crypto';
import {
  AssignSeatsDocument, CancelOrderDocument, LicenseByIdDocument, OrderByIdDocument, PlaceOrderDocument, QuoteWithCouponDocument, RefundabilityOfDocument, ReleaseSeatsDocument, RequestRefundDocument,
} from '../operations/generated';
import type { Person } from '../../support/shop';
import { waitFor } from '../../support/wait';
import type { ModelCommand } from './provider-commands';
import { countsOf, isRevoked, refund, refundOf, refundRefusal, refusals, totalsOf, usesOf } from './rules';
import type { Line, Model, Order, OrderStatus, Seat, Wish } from './rules';
import { codesOf, inEuro, nth } from './stage';
import type { Stage } from './stage';

const buyerOf = ({ buyers }: Stage, { buyer }: Pick<Order, 'buyer'>): Person => nth(buyers, buyer).person;

async function untilStatus(who: Person, { id }: Pick<Order, 'id'>, status: OrderStatus) {
  return waitFor(async () => {
    const { order } = await who.http.data(OrderByIdDocument, { id });
    return order?.status === status && (status !== 'AWAITING_PAYMENT' || order.paymentUrl) && order;
  }, { withinMs: 20_000, what: `order ${id} to be ${status}`, everyMs: 15 });
}

/** What a fulfilled order has brought: one licence for each line, its seats as many as were bought. */
async function takeLicenses(who: Person, order: Order): Promise<void> {
  const { licenses } = await untilStatus(who, order, 'FULFILLED');
  expect(licenses).toHaveLength(order.lines.length);
  for (const [index, { id }] of [...licenses].sort((a, b) => a.id.localeCompare(b.id)).entries()) {
    const line = order.lines[index]!;
    const { license } = await who.http.data(LicenseByIdDocument, { id });
    const seats = license?.seats.edges.map(({ node }): Seat => ({ id: node.id, learner: node.learner?.id ?? null, started: false, everStarted: false, revoked: false })) ?? [];
    Object.assign(line, { licenseId: id, seats });
    expect(seats).toHaveLength(line.seatCount);
    expect(seats.flatMap(({ learner }) => learner ?? [])).toEqual(line.learner === null ? [] : [line.learner]);
  }
}

async function expectSameSeats(who: Person, line: Line): Promise<void> {
  const { license } = await who.http.data(LicenseByIdDocument, { id: line.licenseId });
  const { available, assigned, enrolled, consumed } = license!.seatUsage;
  expect({ available, held: assigned + enrolled, consumed }).toEqual(countsOf(line.seats));
  expect(license?.state).toBe(isRevoked(line) ? 'REVOKED' : 'ACTIVE');
}

export interface WishedLine { readonly listing: number; readonly plan: number; readonly quantity: number; readonly learner: 'self' | 'none' | 'other' }
export class Buy implements ModelCommand {
  constructor(private readonly buyer: number, private readonly wished: readonly WishedLine[], private readonly coupon: number | null) {}
  readonly check = ({ listings }: Model) => this.wished.every(({ listing }) => nth(listings, listing).plans.length > 0);
  async run(model: Model, real: Stage): Promise<void> {
    const { person, is } = nth(real.buyers, this.buyer);
    const wishes = this.wished.map(({ listing, plan, quantity, learner }): Wish => {
      const of = nth(model.listings, listing);
      return { listing: of, plan: nth(of.plans, plan), quantity, learner: { self: is.sub, none: null, other: randomUUID() }[learner] };
    });
    const coupon = this.coupon === null || model.coupons.length === 0 ? null : nth(model.coupons, this.coupon);
    const input = {
      currency: 'EUR', ...(coupon ? { couponCode: coupon.code } : {}),
      lines: wishes.map(({ plan, quantity, learner }) => ({ pricingPlanId: plan.id, quantity, learnerIds: learner === null ? [] : [learner] })),
    };
    const expected = refusals(model, is, wishes, coupon);
    const { quote } = await person.http.data(QuoteWithCouponDocument, { input });
    const { placeOrder: placed } = await person.http.data(PlaceOrderDocument, { input: { ...input, idempotencyKey: randomUUID() } });
    expect([codesOf(quote.problems), codesOf(placed.userErrors)]).toEqual([expected, expected]);
    if (!placed.order) return;
    const totals = totalsOf(wishes, coupon);
    const total = totals.reduce((sum, one) => sum + one, 0);
    expect([quote.total, placed.order.total, quote.lines.map((line) => line.total?.amount)]).toEqual([inEuro(total), inEuro(total), totals.map((one) => inEuro(one).amount)]);
    const lines = wishes.map(({ listing, plan, quantity, learner }, index): Line => ({ listing, seatCount: plan.seats * quantity, learner, total: totals[index]!, refunded: 0, licenseId: '', seats: [] }));
    const order: Order = { id: placed.order.id, buyer: is.index, status: total === 0 ? 'FULFILLED' : 'AWAITING_PAYMENT', total, lines, coupon, paymentUrl: '' };
    model.orders.push(order);
    if (total === 0) await takeLicenses(person, order);
    else order.paymentUrl = (await untilStatus(person, order, 'AWAITING_PAYMENT')).paymentUrl!;
  }
  readonly toString = () => `buyer ${this.buyer}: buys ${JSON.stringify(this.wished)}${this.coupon === null ? '' : ` with coupon ${this.coupon}`}`;
}

/** At billing's page: what is over there is refused by billing, so only what awaits its payment is paid. */
export class Pay implements ModelCommand {
  constructor(private readonly which: number, private readonly action: 'pay' | 'decline') {}
  readonly check = ({ orders }: Model) => orders.some(({ status }) => status === 'AWAITING_PAYMENT');
  async run({ orders }: Model, real: Stage): Promise<void> {
    const order = nth(orders.filter(({ status }) => status === 'AWAITING_PAYMENT'), this.which);
    const page = await fetch(order.paymentUrl, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `action=${this.action}` });
    expect(page.status).toBe(303);
    order.status = this.action === 'pay' ? 'FULFILLED' : 'FAILED';
    if (this.action === 'pay') await takeLicenses(buyerOf(real, order), order);
    else await untilStatus(buyerOf(real, order), order, 'FAILED');
  }
  readonly toString = () => `order ${this.which}: ${this.action}`;
}

export class Cancel implements ModelCommand {
  constructor(private readonly which: number, private readonly byBuyer: boolean) {}
  readonly check = ({ orders }: Model) => orders.length > 0;
  async run({ orders }: Model, real: Stage): Promise<void> {
    const order = nth(orders, this.which);
    const who = this.byBuyer ? buyerOf(real, order) : nth(real.buyers, order.buyer + 1).person;
    const { cancelOrder: answer } = await who.http.data(CancelOrderDocument, { id: order.id });
    expect(codesOf(answer.userErrors)).toEqual(!this.byBuyer ? ['NOT_FOUND'] : order.status === 'AWAITING_PAYMENT' ? [] : ['ORDER_NOT_CANCELLABLE']);
    if (!this.byBuyer || order.status !== 'AWAITING_PAYMENT') return;
    order.status = 'CANCELLED';
    await untilStatus(who, order, 'CANCELLED');
  }
  readonly toString = () => `${this.byBuyer ? 'its buyer' : 'another buyer'}: cancels order ${this.which}`;
}

export class Assign implements ModelCommand {
  constructor(private readonly which: number, private readonly count: number, private readonly again: boolean) {}
  readonly check = ({ lines }: Model) => lines.length > 0;
  async run(model: Model, real: Stage): Promise<void> {
    const line = nth(model.lines, this.which);
    const { person, is } = nth(real.buyers, model.orders.find(({ lines }) => lines.includes(line))!.buyer);
    const holder = this.again ? line.seats.find(({ learner, revoked }) => learner !== null && !revoked)?.learner : undefined;
    const learnerIds = [...Array.from({ length: this.count }, () => randomUUID() as string), ...(holder ? [holder] : [])];
    const missing = learnerIds.length - countsOf(line.seats).available;
    const expected = !is.orgAdmin ? 'FORBIDDEN' : isRevoked(line) ? 'LICENSE_NOT_ACTIVE' : holder ? 'SEAT_ALREADY_ASSIGNED' : missing > 0 ? 'NO_SEATS_AVAILABLE' : null;
    const { assignSeats: answer } = await person.http.data(AssignSeatsDocument, { licenseId: line.licenseId, learnerIds });
    expect(codesOf(answer.userErrors)).toEqual(expected ? [expected] : []);
    if (expected === 'NO_SEATS_AVAILABLE') expect(answer.userErrors[0]?.params).toContainEqual({ name: 'missing', value: String(missing) });
    for (const { id, learner } of answer.seats) {
      const seat = line.seats.find((one) => one.id === id);
      expect(seat).toMatchObject({ learner: null, revoked: false });
      Object.assign(seat!, { learner: learner?.id });
    }
    expect(answer.seats).toHaveLength(expected ? 0 : this.count);
    await expectSameSeats(person, line);
  }
  readonly toString = () => `assign ${this.count} of licence ${this.which}${this.again ? ' and one who has a seat' : ''}`;
}

/** A learner starts, or the seat is taken from its learner. */
export class UseSeat implements ModelCommand {
  constructor(private readonly which: number, private readonly seat: number, private readonly what: 'start' | 'release') {}
  readonly check = (model: Model) => model.lines.length > 0 && !isRevoked(nth(model.lines, this.which)) && (this.what === 'release' || this.startable(nth(model.lines, this.which)).length > 0);
  private readonly startable = ({ seats }: Line) => seats.filter(({ learner, started, revoked }) => learner !== null && !started && !revoked);
  async run(model: Model, real: Stage): Promise<void> {
    const line = nth(model.lines, this.which);
    const { person, is } = nth(real.buyers, model.orders.find(({ lines }) => lines.includes(line))!.buyer);
    if (this.what === 'start') await this.start(person, line, real);
    else await this.release(person, is.orgAdmin, nth(line.seats.filter(({ revoked }) => !revoked), this.seat));
    await expectSameSeats(person, line);
  }
  private async start(person: Person, line: Line, { world }: Stage): Promise<void> {
    const seat = nth(this.startable(line), this.seat);
    const untilSeatIs = (state: string) => waitFor(async () => {
      const { license } = await person.http.data(LicenseByIdDocument, { id: line.licenseId });
      return license?.seats.edges.some(({ node }) => node.id === seat.id && node.state === state);
    }, { withinMs: 20_000, what: `seat ${seat.id} to be ${state}`, everyMs: 15 });
    await untilSeatIs('ENROLLED');
    await world.sandbox.startEnrollment(seat.id);
    await untilSeatIs('CONSUMED');
    Object.assign(seat, { started: true, everStarted: true });
  }
  private async release(person: Person, orgAdmin: boolean, seat: Seat): Promise<void> {
    const expected = !orgAdmin ? ['FORBIDDEN'] : seat.learner === null ? ['ILLEGAL_TRANSITION'] : [];
    const { releaseSeats: answer } = await person.http.data(ReleaseSeatsDocument, { seatIds: [seat.id] });
    expect(codesOf(answer.userErrors)).toEqual(expected);
    if (expected.length === 0) Object.assign(seat, { learner: null, started: false });
  }
  readonly toString = () => `${this.what} seat ${this.seat} of licence ${this.which}`;
}

export class AskRefund implements ModelCommand {
  constructor(private readonly which: number) {}
  readonly check = ({ orders }: Model) => orders.length > 0;
  async run({ orders }: Model, real: Stage): Promise<void> {
    const order = nth(orders, this.which);
    const who = buyerOf(real, order);
    const expected = refundRefusal(order);
    const amount = expected === null ? order.lines.reduce((sum, line) => sum + refundOf(line), 0) : 0;
    const { order: before } = await who.http.data(RefundabilityOfDocument, { id: order.id });
    expect(before?.refundability).toMatchObject({ eligible: expected === null, amount: inEuro(amount) });
    const { requestRefund: answer } = await who.http.data(RequestRefundDocument, { orderId: order.id });
    expect(codesOf(answer.userErrors)).toEqual(expected === null ? [] : [expected]);
    if (expected !== null) return;
    for (const line of order.lines) if (refundOf(line) > 0) refund(line);
    order.status = order.lines.every((line) => line.refunded === line.total) ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
    const { refunds } = await untilStatus(who, order, order.status);
    expect(refunds.map(({ status }) => status)).not.toContain('FAILED');
    expect(Math.round(refunds.reduce((sum, one) => sum + Number(one.amount.amount) * 100, 0))).toBe(order.lines.reduce((sum, line) => sum + line.refunded, 0));
    for (const line of order.lines) await expectSameSeats(who, line);
  }
  readonly toString = () => `refund of order ${this.which}`;
}

/** In the end, everything once more: orders, licences and coupons as the model has them. */
export async function expectSame(model: Model, real: Stage): Promise<void> {
  for (const order of model.orders) {
    const who = buyerOf(real, order);
    const { order: stored } = await who.http.data(OrderByIdDocument, { id: order.id });
    expect(stored).toMatchObject({ status: order.status, total: inEuro(order.total) });
    for (const line of order.lines) if (line.licenseId !== '') await expectSameSeats(who, line);
  }
  for (const coupon of model.coupons) {
    const [stored] = await real.world.sql<{ uses: number }>('select reserved + redeemed as uses from marketplace.coupon where id = $1', [coupon.id]);
    expect(stored?.uses).toBe(usesOf(model, coupon));
  }
}

import { randomUUID } from 'node:crypto';
import { connect } from 'nats';
import { v7 } from 'uuid';
import {
  CompensateSagaDocument, DeadLettersDocument, OrderFactsDocument, ReplayDeadLetterDocument, ResolveSagaDocument, RetrySagaDocument, SagaFactsDocument,
} from './operations/generated';
import { outcomeOf } from '../support/outcome';
import type { Behaviour, Role } from '../support/sandbox-client';
import { openShop, person, place } from '../support/shop';
import type { Entrance, Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* What operators do by hand, through the supergraph, and what it does to orders, money and licences; each act is in the audit. */
let world: World;
let entrance: Entrance;
let shop: Shop;
let colleague: Person;
beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: { SAGA_POLL_MS: '100' } });
  entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  shop = await openShop(entrance);
  colleague = await person(entrance, ['platform_admin']);
});
afterAll(() => world.stop());

interface Purchase { readonly buyer: Person; readonly orderId: string; readonly sagaId: string }
interface Stored { readonly id: string; readonly state: string; readonly step: string; readonly attempt: number; readonly refund_id: string | null }

const storedSaga = async (orderId: string) => (await world.sql<Stored & object>(
  `select id, state, step, attempt, data ->> 'refundId' as refund_id from marketplace.saga where name = 'marketplace.purchase' and correlation_id = $1`, [orderId]))[0];
const audited = (targetId: string) => world.sql(`select action, actor_id, reason, before ->> 'state' as before, after ->> 'state' as after from marketplace.operator_action where target_id = $1 order by at, id`, [targetId]);
const orderOf = async ({ buyer, orderId }: Pick<Purchase, 'buyer' | 'orderId'>) => (await buyer.http.data(OrderFactsDocument, { id: orderId })).order;
const sagaOf = async ({ sagaId }: Purchase) => (await shop.admin.http.data(SagaFactsDocument, { id: sagaId })).saga;

async function buy(behaviour: Behaviour, until: (saga: Stored) => boolean): Promise<Purchase> {
  const buyer = await person(entrance, ['buyer', 'org_admin']);
  await world.sandbox.behaviour(buyer.tid, behaviour);
  const orderId = await place(buyer, shop.plans.single);
  const sagaId = await waitFor(async () => {
    const saga = await storedSaga(orderId);
    return saga && until(saga) ? saga.id : undefined;
  }, { withinMs: 20_000, what: 'the saga to be there' });
  return { buyer, orderId, sagaId };
}
const waiting = () => buy({ payment: 'never' }, ({ state }) => state === 'WAITING');

/** As after twelve tries, without waiting a day for them. */
async function stuck(behaviour: Behaviour, when: (saga: Stored) => boolean): Promise<Purchase> {
  const purchase = await buy(behaviour, (saga) => saga.state === 'COMPENSATING' && when(saga));
  const rows = await world.sql(`update marketplace.saga set state = 'STUCK', call = null, call_due_at = null, timers = '{}', wake_at = null, lease_token = null, last_error = 'enough'
    where id = $1 and state = 'COMPENSATING' returning id`, [purchase.sagaId]);
  expect(rows).toHaveLength(1);
  return purchase;
}
const stuckPaid = () => stuck({ enrollment: 'reject', refund: 'fail' }, ({ attempt, refund_id }) => attempt > 1 && refund_id === null);
async function stuckUnpaid(): Promise<Purchase> {
  const purchase = await waiting();
  await world.sandbox.behaviour(purchase.buyer.tid, { cancel: 'refuse' });
  await shop.admin.http.data(CompensateSagaDocument, { id: purchase.sagaId, reason: 'A test order' });
  await waitFor(async () => ((await storedSaga(purchase.orderId))?.attempt ?? 0) > 1, { withinMs: 10_000, what: 'billing to refuse' });
  await world.sql(`update marketplace.saga set state = 'STUCK', call = null, call_due_at = null, timers = '{}', wake_at = null, lease_token = null where id = $1`, [purchase.sagaId]);
  return purchase;
}

describe('retrySaga', () => {
  it('given a purchase that waits for its payment: billing is asked, and it waits on; kept with who it was', async () => {
    const purchase = await waiting();
    const { retrySaga } = await shop.admin.http.data(RetrySagaDocument, { id: purchase.sagaId });
    expect(retrySaga).toMatchObject({ userErrors: [], saga: { id: purchase.sagaId, state: expect.stringMatching(/RUNNING|WAITING/) as string, step: 'payment' } }); // billing may have answered already
    const waitsOn = await waitFor(async () => {
      const saga = await sagaOf(purchase);
      return saga?.state === 'WAITING' ? saga : undefined;
    }, { withinMs: 10_000, what: 'billing to have answered' });
    expect(waitsOn.transitions.slice(-2)).toMatchObject([{ cause: 'operator.retry', actor: { id: shop.admin.sub } }, { cause: 'find-payment.replied', actor: null }]);
    expect(waitsOn.deadline).not.toBeNull();
    expect(await orderOf(purchase)).toMatchObject({ status: 'AWAITING_PAYMENT' });
    expect(await audited(purchase.sagaId)).toEqual([{ action: 'saga.retry', actor_id: shop.admin.sub, reason: null, before: 'WAITING', after: 'RUNNING' }]);
  });

  it('given it is STUCK and billing has recovered: the money goes back, once', async () => {
    const purchase = await stuckPaid();
    await world.sandbox.behaviour(purchase.buyer.tid, { refund: 'succeed' });
    const { retrySaga } = await shop.admin.http.data(RetrySagaDocument, { id: purchase.sagaId });
    expect(retrySaga.saga).toMatchObject({ state: 'COMPENSATING', attempt: 1, lastError: null });
    const outcome = await outcomeOf(world, purchase.buyer, purchase.orderId);
    expect(outcome.order).toMatchObject({ status: 'FAILED', failureReason: 'ENROLLMENT_REJECTED' });
    expect(outcome.money.join().match(/refund succeeded 4900/g)).toHaveLength(1);
  });
});

describe('compensateSaga', () => {
  it('given a purchase that waits for its payment: it is taken back, and fails with OPERATOR_DECISION', async () => {
    const purchase = await waiting();
    const { compensateSaga } = await shop.admin.http.data(CompensateSagaDocument, { id: purchase.sagaId, reason: ' Asked for by phone ' });
    expect(compensateSaga).toMatchObject({ userErrors: [], saga: { state: 'COMPENSATING' } });
    const outcome = await outcomeOf(world, purchase.buyer, purchase.orderId);
    expect(outcome).toMatchObject({ order: { status: 'FAILED', failureReason: 'OPERATOR_DECISION' }, money: ['cancelled 4900 EUR'] });
    expect(await audited(purchase.sagaId)).toEqual([{ action: 'saga.compensate', actor_id: shop.admin.sub, reason: 'Asked for by phone', before: 'WAITING', after: 'COMPENSATING' }]);
  });

  it('given it has ended: ILLEGAL_TRANSITION, whatever is asked, and nothing in the audit', async () => {
    const purchase = await buy({}, ({ state }) => state === 'COMPLETED');
    const id = purchase.sagaId;
    const refusals = [
      (await shop.admin.http.data(CompensateSagaDocument, { id, reason: 'No' })).compensateSaga, (await shop.admin.http.data(RetrySagaDocument, { id })).retrySaga,
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ saga: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', path: ['id'], params: [{ name: 'state', value: 'COMPLETED' }] }] });
    expect(await orderOf(purchase)).toMatchObject({ status: 'FULFILLED' });
    expect(await audited(id)).toEqual([]);
  });
});

describe('resolveSaga', () => {
  it('given it is STUCK and paid, FULFIL: the order is kept with new licences, and the books say so', async () => {
    const purchase = await stuckPaid();
    const { resolveSaga } = await shop.admin.http.data(ResolveSagaDocument, { id: purchase.sagaId, outcome: 'FULFIL', reason: 'The buyer wants it after all' });
    expect(resolveSaga).toMatchObject({ userErrors: [], saga: { state: 'RESOLVED', nextWakeAt: null } });
    const outcome = await outcomeOf(world, purchase.buyer, purchase.orderId);
    expect(outcome.order).toMatchObject({ status: 'FULFILLED', failureReason: null });
    expect(outcome.order.licenses.map(({ state }) => state).sort()).toEqual(['ACTIVE', 'REVOKED']);
    expect(outcome.money).toEqual([expect.stringMatching(/^succeeded 4900 EUR(, refund failed 4900)+$/)]);
    expect(outcome.events).toEqual(expect.arrayContaining(['order.fulfilled', 'earning.accrued', 'license.granted']));
    expect((await orderOf(purchase))?.progress.map(({ state }) => state)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
    expect(await audited(purchase.sagaId)).toMatchObject([{ action: 'saga.resolve', reason: 'The buyer wants it after all', before: 'STUCK', after: 'RESOLVED' }]);
  });

  it('given it is STUCK and not paid: FULFIL is refused, FAIL ends it', async () => {
    const purchase = await stuckUnpaid();
    const resolve = async (outcome: 'FULFIL' | 'FAIL') => (await shop.admin.http.data(ResolveSagaDocument, { id: purchase.sagaId, outcome, reason: 'Billing has lost it' })).resolveSaga;
    expect(await resolve('FULFIL')).toMatchObject({ saga: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', path: ['outcome'], message: expect.stringContaining('not paid') as string }] });
    expect(await resolve('FAIL')).toMatchObject({ userErrors: [], saga: { state: 'RESOLVED' } });
    expect(await orderOf(purchase)).toMatchObject({ status: 'FAILED', failureReason: 'OPERATOR_DECISION' });
  });

  it('given it is not STUCK: SAGA_NOT_STUCK', async () => {
    const purchase = await waiting();
    const { resolveSaga } = await shop.admin.http.data(ResolveSagaDocument, { id: purchase.sagaId, outcome: 'FAIL', reason: 'Too early' });
    expect(resolveSaga).toMatchObject({ saga: null, userErrors: [{ code: 'SAGA_NOT_STUCK', params: [{ name: 'state', value: 'WAITING' }] }] });
  });

  it('given two operators decide at once, differently: one of them does, the other is told that it is over', async () => {
    for (let round = 0; round < 3; round++) {
      const purchase = await stuckPaid();
      const decisions = await Promise.all([
        shop.admin.http.data(ResolveSagaDocument, { id: purchase.sagaId, outcome: 'FULFIL', reason: 'Keep' }),
        colleague.http.data(ResolveSagaDocument, { id: purchase.sagaId, outcome: 'FAIL', reason: 'Drop' }),
      ]);
      const [kept, dropped] = decisions.map(({ resolveSaga }) => resolveSaga.userErrors.map(({ code }) => code));
      expect([[[], ['SAGA_NOT_STUCK']], [['SAGA_NOT_STUCK'], []]]).toContainEqual([kept, dropped]);
      expect(await orderOf(purchase)).toMatchObject({ status: kept?.length === 0 ? 'FULFILLED' : 'FAILED' });
      expect(await audited(purchase.sagaId)).toHaveLength(1);
    }
  });

  it('given a retry meets the late word that the money went back: it went back once, and the order failed', async () => {
    const nats = await connect({ servers: world.nats.url });
    for (let round = 0; round < 3; round++) {
      const purchase = await stuck({ enrollment: 'reject', refund: 'never' }, ({ refund_id }) => refund_id !== null);
      const [payment] = await world.sandbox.payments(purchase.orderId);
      const refundKey = (await storedSaga(purchase.orderId))?.refund_id;
      const data = { paymentId: payment?.paymentId, orderId: purchase.orderId, refundId: randomUUID(), refundKey, netAmount: { amountMinor: '4900', currency: 'EUR' }, reason: 'requested' };
      await Promise.all([
        nats.jetstream().publish('billing.payment.refunded.v1', envelope('billing.payment.refunded.v1', data)),
        shop.admin.http.data(RetrySagaDocument, { id: purchase.sagaId }),
      ]);
      await waitFor(async () => (await storedSaga(purchase.orderId))?.state === 'COMPENSATED', { withinMs: 10_000, what: 'the saga to end' });
      expect(await orderOf(purchase)).toMatchObject({ status: 'FAILED', refunds: [{ status: 'SUCCEEDED' }] });
    }
    await nats.close();
  });
});

const envelope = (type: string, data: object, id = v7()) => Buffer.from(JSON.stringify({
  specversion: '1.0', id, type, source: '/billing-service', subject: 'x', time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: randomUUID(), data,
}));

describe('dead letters', () => {
  const letters = async () => (await shop.admin.http.data(DeadLettersDocument, { first: 100 })).deadLetters;
  const replay = async (id: string) => (await shop.admin.http.data(ReplayDeadLetterDocument, { id })).replayDeadLetter;

  async function bury(payload: string, eventId: string | null): Promise<string> {
    const id = v7();
    await world.sql(`insert into marketplace.dead_letter (id, consumer, stream_sequence, subject, event_id, error, deliveries, payload, at)
      values ($1, 'marketplace-content', (random() * 1e15)::bigint, 'content.play_package.built.v1', $2, 'the course version was not there yet', 8, $3, marketplace.clock())`, [id, eventId, payload]);
    return id;
  }

  it('given a message that nobody can read: seen as it came; replayed, it stays with its error', async () => {
    const nats = await connect({ servers: world.nats.url });
    await nats.jetstream().publish('enrollment.created.v1', new TextEncoder().encode('{"not":"an event"'));
    await nats.close();
    const letter = await waitFor(async () => (await letters())?.edges.map((edge) => edge.node).find(({ subject }) => subject === 'enrollment.created.v1'), { withinMs: 10_000, what: 'the dead letter' });
    expect(letter).toMatchObject({ consumer: 'marketplace-enrollment', eventId: null, payload: '{"not":"an event"', replayedAt: null });
    expect(await replay(letter.id)).toMatchObject({ userErrors: [], deadLetter: { id: letter.id, replayedAt: null, deliveries: letter.deliveries + 1, error: expect.stringContaining('not JSON') as string } });
    expect(await audited(letter.id)).toMatchObject([{ action: 'dead-letter.replay', actor_id: shop.admin.sub }]);
  });

  it('given one whose cause is mended: replayed by two at once, it takes effect once and is marked once', async () => {
    const eventId = v7();
    const { courseVersionId } = await world.sandbox.course({ publish: false, build: false });
    const id = await bury(envelope('content.play_package.built.v1', { courseVersionId, playPackageId: `pkg-${eventId}`, format: 'CMI5' }, eventId).toString(), eventId);
    const answers = await Promise.all([replay(id), colleague.http.data(ReplayDeadLetterDocument, { id }).then((answer) => answer.replayDeadLetter)]);
    for (const answer of answers) expect(answer).toMatchObject({ userErrors: [], deadLetter: { eventId, replayedAt: expect.any(String) as string } });
    expect(await world.sql(`select 1 from marketplace.inbox where consumer = 'marketplace-content' and event_id = $1`, [eventId])).toHaveLength(1);
    expect(await world.sql('select play_package_id from marketplace.course_version where course_version_id = $1', [courseVersionId])).toEqual([{ play_package_id: `pkg-${eventId}` }]);
    expect(await audited(id)).toHaveLength(1);
    expect((await replay(id)).deadLetter?.replayedAt).toBe(answers[0].deadLetter?.replayedAt);
  });

  it('given many: newest first, a page at a time', async () => {
    for (let n = 0; n < 3; n++) await bury('x', null);
    const all = await letters();
    const first = (await shop.admin.http.data(DeadLettersDocument, { first: 2 })).deadLetters;
    const second = (await shop.admin.http.data(DeadLettersDocument, { first: 2, after: first?.pageInfo.endCursor })).deadLetters;
    expect([...(first?.edges ?? []), ...(second?.edges ?? [])]).toEqual(all?.edges.slice(0, 4));
    expect(first).toMatchObject({ totalCount: all?.edges.length, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    expect(second?.pageInfo).toMatchObject({ hasPreviousPage: true, startCursor: second?.edges[0]?.cursor });
  });
});

describe('who may not', () => {
  it.each([[['buyer']], [['buyer', 'org_admin']], [['provider']]] as [Role[]][])('given %s: FORBIDDEN, and no dead letters', async (roles) => {
    const purchase = await waiting();
    const somebody = await person(entrance, roles, { sub: purchase.buyer.sub, tid: purchase.buyer.tid });
    const id = purchase.sagaId;
    expect((await somebody.http.data(RetrySagaDocument, { id })).retrySaga).toMatchObject({ saga: null, userErrors: [{ code: 'FORBIDDEN' }] });
    expect((await somebody.http.data(CompensateSagaDocument, { id, reason: 'x' })).compensateSaga.userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await somebody.http.data(ResolveSagaDocument, { id, outcome: 'FAIL', reason: 'x' })).resolveSaga.userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await somebody.http.data(ReplayDeadLetterDocument, { id })).replayDeadLetter).toMatchObject({ deadLetter: null, userErrors: [{ code: 'FORBIDDEN' }] });
    expect((await somebody.http.data(DeadLettersDocument, {})).deadLetters).toBeNull();
    expect(await orderOf(purchase)).toMatchObject({ status: 'AWAITING_PAYMENT' });
  });

  it('given an operator, and what names nothing or has no reason: NOT_FOUND, INVALID_INPUT', async () => {
    for (const id of [randomUUID(), 'saga']) {
      expect((await shop.admin.http.data(RetrySagaDocument, { id })).retrySaga.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['id'] }]);
      expect((await shop.admin.http.data(ReplayDeadLetterDocument, { id })).replayDeadLetter.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['id'] }]);
      expect((await shop.admin.http.data(CompensateSagaDocument, { id, reason: ' ' })).compensateSaga.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['reason'] }]);
    }
  });
});

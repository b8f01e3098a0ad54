import { randomUUID } from 'node:crypto';
import { CancelOrderDocument, OrderFactsDocument, SagaFactsDocument, SagaPageDocument } from './operations/generated';
import type { SagaPageQuery, SagaPageQueryVariables } from './operations/generated';
import { outcomeOf } from '../support/outcome';
import type { Behaviour, Role } from '../support/sandbox-client';
import { openShop, person, place } from '../support/shop';
import type { Entrance, Person, PlanName, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * What platform administrators see of the processes behind orders, through the supergraph, beside what their buyers
 * see at the same moment; and that nobody else sees any of it.
 */
const HOUR = 3_600_000;

let world: World;
let entrance: Entrance;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld();
  entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  shop = await openShop(entrance);
});
afterAll(() => world.stop());

interface Purchase { readonly buyer: Person; readonly orderId: string }
type SagaFacts = NonNullable<SagaPageQuery['sagas']>['edges'][number]['node'];

async function buy(behaviour: Behaviour = {}, plan: PlanName = 'single'): Promise<Purchase> {
  const buyer = await person(entrance, ['buyer', 'org_admin']);
  await world.sandbox.behaviour(buyer.tid, behaviour);
  return { buyer, orderId: await place(buyer, shop.plans[plan], plan === 'pack' ? { learnerIds: [randomUUID(), randomUUID()] } : {}) };
}

async function sagas(variables: SagaPageQueryVariables = {}) {
  const page = (await shop.admin.http.data(SagaPageDocument, variables)).sagas;
  if (!page) throw new Error('an administrator sees sagas');
  return page;
}

const sagaOf = async ({ orderId }: Purchase) => (await sagas({ first: 100 })).edges.map((edge) => edge.node).find((saga) => saga.order?.id === orderId);

function sagaOnceIt(is: string, purchase: Purchase, test: (saga: SagaFacts) => boolean): Promise<SagaFacts> {
  return waitFor(async () => {
    const saga = await sagaOf(purchase);
    return saga && test(saga) ? saga : undefined;
  }, { withinMs: 20_000, what: `the saga ${is}` });
}

const stepsOf = async ({ buyer, orderId }: Purchase) => {
  const { order } = await buyer.http.data(OrderFactsDocument, { id: orderId });
  return Object.fromEntries((order?.progress ?? []).map((step) => [step.name, step]));
};

describe('a process, as its operators and its buyer see it', () => {
  it('given billing is slow to answer: RUNNING, then WAITING with its deadline, while the buyer sees the payment under way', async () => {
    const purchase = await buy({ payment: 'never', paymentHttp: 'slow' });
    expect(await sagaOnceIt('calls billing', purchase, ({ state }) => state === 'RUNNING')).toMatchObject({ name: 'marketplace.purchase', definitionVersion: 1, step: 'payment', attempt: expect.any(Number) as number });
    const waiting = await sagaOnceIt('waits', purchase, ({ state }) => state === 'WAITING');
    expect(waiting).toMatchObject({ step: 'payment', lastError: null, order: { id: purchase.orderId } });
    expect(Date.parse(waiting.deadline ?? '') - Date.parse(waiting.startedAt)).toBe(HOUR / 2);
    expect(waiting.nextWakeAt).not.toBeNull();
    const steps = await stepsOf(purchase);
    expect(steps).toMatchObject({ RESERVE: { state: 'DONE' }, PAYMENT: { state: 'RUNNING', deadline: waiting.deadline }, LICENSING: { state: 'PENDING' }, FULFILMENT: { state: 'PENDING' } });
  });

  it('given it has ended well: COMPLETED, with everything that happened to it and why', async () => {
    const purchase = await buy();
    await outcomeOf(world, purchase.buyer, purchase.orderId);
    const saga = await sagaOnceIt('ends', purchase, ({ state }) => state === 'COMPLETED');
    expect((await shop.admin.http.data(SagaFactsDocument, { id: saga.id })).saga).toEqual(saga);
    expect(saga.transitions.map((transition) => transition.version)).toEqual(saga.transitions.map((_, index) => index + 1));
    expect(saga.transitions.map((transition) => transition.cause)).toEqual(expect.arrayContaining(['billing.payment.succeeded.v1']));
    expect(saga.transitions.at(-1)).toMatchObject({ to: expect.stringMatching(/COMPLETED$/) as string, actor: null });
  });

  it('given the buyer takes the order back and billing refuses: COMPENSATING, with who wanted it; then COMPENSATED', async () => {
    const purchase = await buy({ payment: 'processing', settleAfterMs: 2_000, cancel: 'refuse' });
    await sagaOnceIt('waits', purchase, ({ state }) => state === 'WAITING');
    await purchase.buyer.http.data(CancelOrderDocument, { id: purchase.orderId });
    const saga = await sagaOnceIt('compensates', purchase, ({ state }) => state === 'COMPENSATING');
    expect(saga.transitions.find(({ cause }) => cause === 'order.cancel-requested')).toMatchObject({ from: 'payment/WAITING', actor: { id: purchase.buyer.sub } });
    expect(await stepsOf(purchase)).toMatchObject({ PAYMENT: { state: 'COMPENSATING' }, LICENSING: { state: 'SKIPPED' } });
    await sagaOnceIt('has compensated', purchase, ({ state }) => state === 'COMPENSATED');
  });

  it('given a refund is under way and fails until it is STUCK: every try is visible, and the last error', async () => {
    const purchase = await buy({ enrollment: 'reject', refund: 'never' });
    await sagaOnceIt('returns the money', purchase, ({ state, step }) => state === 'COMPENSATING' && step === 'payment');
    const { order } = await purchase.buyer.http.data(OrderFactsDocument, { id: purchase.orderId });
    expect(order).toMatchObject({ status: 'COMPENSATING', refunds: [{ status: 'REQUESTED', initiatedBy: 'SYSTEM', reason: expect.any(String) as string, completedAt: null }] });
    expect(await stepsOf(purchase)).toMatchObject({ PAYMENT: { state: 'COMPENSATING' }, LICENSING: { state: 'COMPENSATED' }, ENROLLMENT: { state: 'COMPENSATED' } });
    const stuck = await waitFor(async () => {
      const saga = await sagaOf(purchase);
      if (saga?.state !== 'STUCK') await world.shiftClock(24 * HOUR);
      return saga?.state === 'STUCK' ? saga : undefined;
    }, { withinMs: 20_000, what: 'the saga to be stuck', everyMs: 300 });
    expect(stuck).toMatchObject({ step: 'payment', lastError: 'billing never told the end of the refund' });
  });

  it('given licences cannot be stored: LICENSING_FAILED, the money returned', async () => {
    const buyer = await person(entrance, ['buyer']);
    await world.sql("create function marketplace.refuse_license() returns trigger language plpgsql as $$ begin raise exception 'no licences today'; end $$");
    await world.sql(`create trigger refuse_license before insert on marketplace.license for each row when (new.tenant_id = '${buyer.tid}') execute function marketplace.refuse_license()`);
    const orderId = await place(buyer, shop.plans.single);
    const outcome = await outcomeOf(world, buyer, orderId);
    await world.sql('drop trigger refuse_license on marketplace.license');
    expect(outcome).toMatchObject({ money: ['succeeded 4900 EUR, refund succeeded 4900'], order: { status: 'FAILED', failureReason: 'LICENSING_FAILED', licenses: [] } });
    expect(await stepsOf({ buyer, orderId })).toMatchObject({ LICENSING: { state: 'FAILED' }, PAYMENT: { state: 'COMPENSATED' } });
  });
});

describe('lists of processes', () => {
  it('given states or a step: those alone, newest first, a page at a time without repetition', async () => {
    await buy({ payment: 'never' });
    await waitFor(async () => (await sagas({ filter: { states: ['WAITING'], step: 'payment' } })).totalCount, { withinMs: 10_000, what: 'a saga to wait' });
    for (const state of ['WAITING', 'COMPLETED', 'COMPENSATED', 'STUCK'] as const) {
      const page = await sagas({ filter: { states: [state] } });
      expect(page.edges.map((edge) => edge.node.state)).toEqual(page.edges.map(() => state));
      expect(page.totalCount).toBe(page.edges.length);
    }
    expect((await sagas({ filter: { step: 'no-such-step' } })).edges).toEqual([]);
    const all = await sagas({ first: 100 });
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof sagas>> = await sagas({ first: 2, after });
      expect(page.pageInfo).toMatchObject({ hasPreviousPage: after !== null, startCursor: page.edges[0]?.cursor });
      ids.push(...page.edges.map((edge) => edge.node.id));
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect(ids).toEqual(all.edges.map((edge) => edge.node.id));
    expect(new Set(ids).size).toBe(all.totalCount);
    const started = all.edges.map((edge) => edge.node.startedAt);
    expect(started).toEqual(started.toSorted().toReversed());
  });

  it('given overdueOnly: those past their deadline that have not ended', async () => {
    const purchase = await buy({ enrollment: 'never' });
    const { id } = await sagaOnceIt('waits for the seats', purchase, ({ step }) => step === 'enrollment');
    const overdue = async () => (await sagas({ first: 100, filter: { overdueOnly: true } })).edges.map((edge) => edge.node.id);
    expect(await overdue()).not.toContain(id);
    // What wakes it stays where it was, so that nobody sees to it before we have looked.
    await world.sql("update marketplace.saga set deadline = marketplace.clock() - interval '1 minute' where id = $1", [id]);
    expect(await overdue()).toContain(id);
  });
});

describe('who is no operator', () => {
  it.each([[['buyer']], [['buyer', 'org_admin']], [['provider']]] as [Role[]][])('given %s: null, for one saga and for all', async (roles) => {
    const purchase = await buy();
    const { id } = await sagaOnceIt('is there', purchase, () => true);
    const somebody = await person(entrance, roles, { sub: purchase.buyer.sub, tid: purchase.buyer.tid });
    expect((await somebody.http.data(SagaFactsDocument, { id })).saga).toBeNull();
    expect((await somebody.http.data(SagaPageDocument, {})).sagas).toBeNull();
  });

  it('given an operator and an id that names nothing: null', async () => {
    for (const id of [randomUUID(), 'saga', '']) expect((await shop.admin.http.data(SagaFactsDocument, { id })).saga).toBeNull();
  });
});

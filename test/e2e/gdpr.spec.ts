import { randomUUID } from 'node:crypto';
import { findContradictions } from '../support/invariants';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { tracesOf } from '../support/traces-of-a-person';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import { OrderOfSomebodyDocument } from './operations/generated';

const COMPLETED = 'marketplace.gdpr.subject_request.completed.v1';
let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: { SUBJECT_REQUEST_POLL_MS: '100' } });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const somebody = (ids?: { readonly tid: string }) => person({ url: world.supergraphUrl, sandbox: world.sandbox }, ids ? ['org_admin'] : ['buyer'], ids);
const answersTo = async (requestId: string) => (await world.sandbox.events({ type: COMPLETED })).filter(({ data }) => data['requestId'] === requestId).map(({ data }) => data);

async function ask(kind: 'erasure' | 'access', subjectId: string, requestId: string = randomUUID()) {
  await world.sandbox.gdpr({ subjectId, kind, requestId });
  return waitFor(async () => (await answersTo(requestId))[0], { withinMs: 30_000, what: `the answer to the ${kind}` });
}
const noTraces = (subjectId: string) => waitFor(async () => (await tracesOf((text, values) => world.sql(text, values), subjectId)).length === 0, { withinMs: 15_000, what: 'the person to be gone' });
const orderSeenBy = async (who: Person, id: string) => (await who.http.data(OrderOfSomebodyDocument, { id })).order;

it('given a buyer who learns: told what is stored, then forgotten, while the organisation keeps the order', async () => {
  const buyer = await somebody();
  const orderId = await place(buyer, shop.plans.single);
  const { order } = await outcomeOf(world, buyer, orderId);
  const orgAdmin = await somebody({ tid: buyer.tid });
  expect(await orderSeenBy(orgAdmin, orderId)).toMatchObject({ buyer: { id: buyer.sub } });

  const told = await ask('access', buyer.sub);
  expect(told).toMatchObject({ subjectId: buyer.sub, kind: 'access', export: { part: 1, parts: 1 } });
  expect(JSON.stringify(told['export'])).toContain(orderId);

  expect(await ask('erasure', buyer.sub)).toMatchObject({ subjectId: buyer.sub, kind: 'erasure', ordersAnonymised: 1, seatsReleased: 1 });
  await noTraces(buyer.sub);
  expect(await orderSeenBy(orgAdmin, orderId)).toMatchObject({
    status: 'FULFILLED', buyer: null, total: { amount: '49.00' }, licenses: [{ seats: { edges: [{ node: { state: 'AVAILABLE', learner: null } }] } }] });
  expect(await orderSeenBy(buyer, orderId)).toBeNull();
  const licenseId = order.licenses[0]?.id ?? '';
  await waitFor(async () => (await world.sandbox.enrollments(licenseId)).every(({ status }) => status === 'withdrawn'), { withinMs: 15_000, what: 'enrollment-service to withdraw' });
  expect(await findContradictions(world)).toEqual([]);
});

it('given an order that awaits its payment: taken back before its buyer is forgotten, asked twice as often as it comes', async () => {
  const buyer = await somebody();
  await world.sandbox.behaviour(buyer.tid, { payment: 'never' });
  const orderId = await place(buyer, shop.plans.single);
  await waitFor(async () => (await orderSeenBy(buyer, orderId))?.status === 'AWAITING_PAYMENT', { withinMs: 10_000, what: 'the payment to be awaited' });
  const requestId = randomUUID();
  await world.sandbox.gdpr({ subjectId: buyer.sub, kind: 'erasure', requestId });
  expect(await ask('erasure', buyer.sub, requestId)).toMatchObject({ ordersAnonymised: 1, seatsReleased: 0 });
  await noTraces(buyer.sub);
  expect(await orderSeenBy(await somebody({ tid: buyer.tid }), orderId)).toMatchObject({ status: 'FAILED', buyer: null });
  expect(await answersTo(requestId)).toHaveLength(1);
  expect((await world.sandbox.payments(orderId)).map(({ status }) => status)).toEqual(['cancelled']);
  expect((await world.sandbox.violations()).count).toBe(0);
});

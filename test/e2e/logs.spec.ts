import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'nats';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* What a replica really writes: one JSON object a line, and on each whose it is. */
const within = { withinMs: 20_000 };
interface Line { readonly level: number; readonly msg: string; readonly correlationId?: string; readonly sagaId?: string; readonly eventId?: string }
let world: World;
let shop: Shop;
let who: Person;
beforeAll(async () => {
  world = await startWorld();
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  shop = await openShop(entrance);
  who = await person(entrance, ['buyer']);
});
afterAll(() => world.stop());

function lines(): Line[] {
  const [, file = ''] = /\((.*)\)/.exec(world.replicas[0]?.logTail(1) ?? '') ?? [];
  return readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Line);
}
const ask = (query: string, correlationId: string) => fetch(world.subgraphUrl, {
  method: 'POST', body: JSON.stringify({ query }),
  headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.provider.token}`, 'x-correlation-id': correlationId },
});

it('given a request that fails, its line has the id that the caller gave, and so has the answer', async () => {
  const id = randomUUID();
  await world.sql('alter table marketplace.listing rename to listing_away');
  const answer = await ask('{ listings(first: 1) { totalCount } }', id);
  await world.sql('alter table marketplace.listing_away rename to listing');
  expect(answer.headers.get('x-correlation-id')).toBe(id);
  const failures = () => lines().filter((line) => line.msg === 'an operation failed');
  await waitFor(() => failures().length > 0, { ...within, what: 'the line, which is written while the answer is on its way' });
  expect(failures().map((line) => line.correlationId)).toEqual([id]);
});

it('given a request that says something to others, the event has its id too; given an id that is none, a new one', async () => {
  const id = randomUUID();
  await ask(`mutation { updateListing(input: { id: "${shop.listingId}", title: "Observability in a fortnight" }) { listing { id } userErrors { message } } }`, id);
  expect(await world.sql('select type from marketplace.outbox where correlation_id = $1', [id])).toEqual(expect.arrayContaining([{ type: 'marketplace.listing.updated.v1' }]));
  expect((await ask('{ __typename }', 'robert; drop table')).headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
});

it('given a saga whose call is not answered, its lines have the id of its order', async () => {
  await world.sandbox.behaviour(who.tid, { paymentHttp: 'error500' });
  const orderId = await place(who, shop.plans.single);
  const warned = await waitFor(() => lines().find((line) => line.msg === 'call was not answered'), { ...within, what: 'the line about the call' });
  expect(warned.correlationId).toBe(orderId);
  await world.sandbox.behaviour(who.tid, { paymentHttp: 'ok' });
  await outcomeOf(world, who, orderId, 40_000);
  expect(lines().filter((line) => line.sagaId !== undefined && line.correlationId !== orderId)).toEqual([]);
});

it('given an event that cannot be taken in, its lines have the id that came with it', async () => {
  await world.sandbox.behaviour(who.tid, { payment: 'manual' });
  const orderId = await place(await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer'], { tid: who.tid }), shop.plans.single);
  const correlationid = randomUUID();
  const event = {
    specversion: '1.0', id: randomUUID(), type: 'billing.payment.failed.v1', source: '/billing-service', subject: orderId, time: new Date().toISOString(), tenantid: who.tid, correlationid,
    data: { paymentId: randomUUID(), orderId, code: 'do_not_honor', declineKind: 'hard' },
  };
  const nats = await connect({ servers: world.nats.url });
  await world.sql('alter table marketplace.saga_transition rename to saga_transition_away');
  await nats.jetstream().publish(event.type, JSON.stringify(event));
  const refused = await waitFor(() => lines().find((line) => line.msg === 'an event could not be taken in'), { ...within, what: 'the line about the event' });
  await world.sql('alter table marketplace.saga_transition_away rename to saga_transition');
  await nats.close();
  expect(refused.correlationId).toBe(correlationid);
});

import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { outcomeOf } from '../support/outcome';
import { scrape, total } from '../support/metrics';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* What an operator sees at /metrics of two replicas. */
const within = { withinMs: 20_000 };
let world: World;
let shop: Shop;
let who: Person;
beforeAll(async () => {
  world = await startWorld({ replicas: 2 });
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  shop = await openShop(entrance);
  who = await person(entrance, ['buyer']);
});
afterAll(() => world.stop());

const all = (sample: string): Promise<number> => total(world.replicas, sample);
const first = () => world.replicas[0] ?? (() => { throw new Error('no replica'); })();
const toBe = (sample: string, value: number | undefined) =>
  waitFor(async () => (await scrape(first())).get(sample) === value, { ...within, what: `${sample} to be ${value}` });

it('given one order that is fulfilled and one that fails, each is counted once, with its time and its status changes', async () => {
  await outcomeOf(world, who, await place(who, shop.plans.single));
  const poor = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
  await world.sandbox.behaviour(poor.tid, { payment: 'decline' });
  await outcomeOf(world, poor, await place(poor, shop.plans.single));
  expect(await all('marketplace_orders_ended_total{end="fulfilled"}')).toBe(1);
  expect(await all('marketplace_orders_ended_total{end="failed"}')).toBe(1);
  expect(await all('marketplace_orders_ended_total{end="stuck"}')).toBe(0);
  expect(await all('marketplace_fulfilment_seconds_count')).toBe(1);
  expect(await all('marketplace_fulfilment_seconds_bucket{le="60"}')).toBe(1);
  expect(await all('marketplace_status_latency_seconds_count')).toBeGreaterThan(0);
  const published = await world.sql<{ n: number }>('select count(*)::int as n from marketplace.outbox where published_at is not null');
  expect(await all('marketplace_publish_delay_seconds_count')).toBe(published[0]?.n);
});

it('given a question that is badly put, we answered it well; given one that we fail at, we did not', async () => {
  const bad = 'marketplace_operations_total{transport="http",outcome="bad"}';
  const before = { good: await all('marketplace_operations_total{transport="http",outcome="good"}'), bad: await all(bad) };
  await who.http.send('{ order(id: "nonsense") { id } }');
  expect(await all('marketplace_operations_total{transport="http",outcome="good"}')).toBe(before.good + 1);
  expect(await all(bad)).toBe(before.bad);
  await world.sql('alter table marketplace.orders rename to orders_away');
  await who.http.send('query ($id: ID!) { order(id: $id) { id } }', { id: randomUUID() });
  await world.sql('alter table marketplace.orders_away rename to orders');
  expect(await all(bad)).toBe(before.bad + 1);
  expect(await all('marketplace_operations_total{transport="ws",outcome="good"}')).toBeGreaterThan(0);
});

it('given nothing waits, the gauges say so; given something does, they tell how much', async () => {
  await toBe('marketplace_outbox_unpublished', 0);
  await toBe('marketplace_consumer_pending{consumer="marketplace-billing"}', 0);
  await toBe('marketplace_sagas_stuck{saga="marketplace.purchase"}', undefined);
  await world.sql(`insert into marketplace.dead_letter (id, consumer, stream_sequence, subject, error, deliveries, payload, at) values ($1, 'marketplace-billing', 999999, 'billing.payment.succeeded.v1', 'unreadable', 1, '{}', now())`, [v7()]);
  await toBe('marketplace_dead_letters{consumer="marketplace-billing"}', 1);
  await world.sql(`set session_replication_role = replica; update marketplace.saga set state = 'STUCK', call_due_at = now() - interval '1 hour', lease_until = now() + interval '1 hour' where id = (select id from marketplace.saga order by id limit 1); set session_replication_role = origin`);
  await toBe('marketplace_sagas_stuck{saga="marketplace.purchase"}', 1);
  await toBe('marketplace_sagas_overdue', 1);
  expect((await scrape(first())).get('marketplace_pool_connections{pool="api",state="awaited"}')).toBe(0);
  await world.sql('set session_replication_role = replica; update marketplace.journal_posting set amount_minor = amount_minor + 1 where (entry_id, position) = (select entry_id, position from marketplace.journal_posting limit 1); set session_replication_role = origin');
  await toBe('marketplace_journal_unbalanced_entries', 1);
});

it('given a person whose erasure has to wait, a payout that does not end and a renewal that cannot be begun, the gauges tell since when', async () => {
  const atLeast = (sample: string, seconds: number) =>
    waitFor(async () => ((await scrape(first())).get(sample) ?? 0) >= seconds, { ...within, what: `${sample} to be ${seconds} or more` });
  expect((await scrape(first())).has('marketplace_subject_requests_open{kind="erasure"}')).toBe(false);
  expect((await scrape(first())).get('marketplace_payout_oldest_age_seconds')).toBe(0);
  await world.sql(`insert into marketplace.subject_request (id, request_id, kind, subject_id, tenant_id, correlation_id, causation_id, received_at, look_at)
    values ($1, 'r-1', 'erasure', $1, $1, $1, $1, marketplace.clock() - interval '8 days', clock_timestamp() + interval '1 day')`, [v7()]);
  await toBe('marketplace_subject_requests_open{kind="erasure"}', 1);
  await atLeast('marketplace_subject_request_oldest_age_seconds{kind="erasure"}', 8 * 86_400);
  await world.sql(`insert into marketplace.saga (id, name, definition_version, correlation_id, tenant_id, state, step, attempt, data, timers, version, started_at, updated_at)
    values ($1, 'marketplace.payout', 1, $1, $1, 'WAITING', 'transfer', 1, '{}', '{}', 1, marketplace.clock() - interval '7 hours', marketplace.clock())`, [v7()]);
  await atLeast('marketplace_payout_oldest_age_seconds', 7 * 3_600);
  expect((await scrape(first())).get('marketplace_renewal_oldest_due_age_seconds')).toBe(0);
  await world.sql(`set session_replication_role = replica; insert into marketplace.subscription (id, tenant_id, license_id, listing_id, plan_id, plan_revision, terms, quantity, unit_price_minor, currency,
      state, anchor_at, trial, period, current_period_start, current_period_end, started_at)
    values ('${v7()}', '${v7()}', '${v7()}', '${v7()}', '${v7()}', 1, '{}', 1, 100, 'EUR', 'ACTIVE', now(), false, 0, marketplace.clock() - interval '2 days', marketplace.clock() - interval '3 hours', now());
    set session_replication_role = origin`);
  await atLeast('marketplace_renewal_oldest_due_age_seconds', 3 * 3_600);
});

it('given NATS is away, events wait and grow old; the scrape goes on without the streams’ gauges', async () => {
  await world.nats.kill();
  await place(await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']), shop.plans.single);
  await waitFor(async () => {
    const samples = await scrape(first());
    return (samples.get('marketplace_outbox_unpublished') ?? 0) > 0 && (samples.get('marketplace_outbox_oldest_age_seconds') ?? 0) > 0
      && !samples.has('marketplace_consumer_pending{consumer="marketplace-billing"}') && (samples.get('marketplace_scrape_failures_total{source="nats"}') ?? 0) > 0;
  }, { ...within, what: 'the events to wait' });
  await world.nats.restart();
  await toBe('marketplace_outbox_unpublished', 0);
});

it('keeps its labels to a handful of values', async () => {
  const names = [...(await scrape(first())).keys()].filter((name) => name.startsWith('marketplace_') && !name.includes('_bucket'));
  expect(names.filter((name) => /[0-9a-f]{8}-/.test(name))).toEqual([]);
  expect(names.length).toBeLessThan(60);
});

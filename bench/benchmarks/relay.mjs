// Rows of the outbox per second into JetStream; the floor is the same messages published pipelined, without a database.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'nats';
import { natsUrlAs } from '../../scripts/stack/nats.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';
import { medianOf, rounded } from '../measure/figures.mjs';
import { metered } from '../measure/meter.mjs';
import { putOnSale } from '../offers.mjs';
import { buy, openBuyers } from './orders.mjs';

const SUBJECT = 'marketplace.order.status_changed.v1';
const EVENTS_PER_SECOND = 2_000;
/** As many as a transaction of an order leaves behind for one aggregate; they go one after the other. */
const PER_AGGREGATE = 3;
const PIPELINED = 500; // the relay's batch

export async function relay({ stage, rounds, seconds }) {
  const count = EVENTS_PER_SECOND * seconds;
  const nats = await connect({ servers: natsUrlAs('marketplace', stage.servers) });
  const message = await oneMessage(stage, nats);
  const measured = { service: [], floor: [] };
  process.kill(stage.sandbox.pid, 'SIGSTOP'); // it reads along, on the same two cores: neither side publishes for a reader
  try {
    await step('warmed up', () => publishByRelay(stage.sql, count), ({ perSecond }) => `${perSecond.toFixed(0)} events/s`);
    for (let round = 1; round <= rounds; round += 1) {
      const service = await metered(stage, () => publishByRelay(stage.sql, count));
      const floor = await metered(stage, () => publishRaw(nats, message, count));
      say(`round ${round}: ${service.figures.perSecond.toFixed(0)} events/s, floor ${floor.figures.perSecond.toFixed(0)}`);
      measured.service.push(service.figures);
      measured.floor.push(floor.figures);
    }
  } finally {
    process.kill(stage.sandbox.pid, 'SIGCONT');
  }
  await nats.drain();
  const [service, floor] = [medianOf(measured.service), medianOf(measured.floor)];
  return {
    lines: [{ what: 'relay: outbox → JetStream', ...rounded(service) }, { what: 'floor: raw pipelined publish', ...rounded(floor) }],
    targets: [{ what: 'relay / floor', target: '≥ 0.7', value: service.perSecond / floor.perSecond, met: service.perSecond >= 0.7 * floor.perSecond }],
    notes: ['an operation is one event; it is told when the last of them is marked as published, so there are no single latencies'],
    rounds: measured,
  };
}

/** The bytes of a real event, of a real order. */
async function oneMessage(stage, nats) {
  const heard = nats.subscribe(SUBJECT, { max: 1 });
  await nats.flush();
  const offers = await putOnSale(stage.sql, 1);
  const [buyer] = await openBuyers(stage, 1);
  await buy(buyer, offers);
  buyer.close();
  for await (const { data } of heard) return data;
  throw new Error('no order changed its status');
}

/** Stored in one transaction, so that all of them appear at once; from then on the clock runs. */
async function publishByRelay(sql, count) {
  await sql(`insert into marketplace.outbox (id, shard, type, aggregate_id, aggregate_version, tenant_id, correlation_id, occurred_at, data)
    select uuidv7(), i / ${PER_AGGREGATE} % 8, e.type, md5(e.id::text || $2 || i / ${PER_AGGREGATE})::uuid, 1 + i % ${PER_AGGREGATE}, e.tenant_id, e.correlation_id, e.occurred_at, e.data
    from (select * from marketplace.outbox where type = '${SUBJECT}' and aggregate_version < 10 order by sequence limit 1) e, generate_series(0, $1::integer - 1) as i`, [count, randomUUID()]);
  const from = performance.now();
  for (;;) {
    const [{ left }] = await sql('select exists (select 1 from marketplace.outbox where published_at is null and shard = any ($1::smallint[])) as left', [[0, 1, 2, 3, 4, 5, 6, 7]]);
    if (!left) return { operations: count, perSecond: count / ((performance.now() - from) / 1_000) };
    await pause(10);
  }
}

async function publishRaw(nats, data, count) {
  const jetstream = nats.jetstream({ timeout: 20_000 });
  const from = performance.now();
  for (let sent = 0; sent < count; sent += PIPELINED) {
    await Promise.all(Array.from({ length: Math.min(PIPELINED, count - sent) }, () => jetstream.publish(SUBJECT, data, { msgID: randomUUID() })));
  }
  return { operations: count, perSecond: count / ((performance.now() - from) / 1_000) };
}

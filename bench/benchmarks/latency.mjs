// From billing's event to the buyer's socket, at half of the maximum rate; the floor is a commit and a NATS hop at the same time.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'nats';
import { closedLoop, steadyRate } from '../load/rounds.mjs';
import { latency as quantiles, medianOf, rounded } from '../measure/figures.mjs';
import { putOnSale } from '../offers.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';
import { openBuyers, place } from './orders.mjs';

const PAID = 'billing.payment.succeeded.v1';
const FLOOR_SUBJECT = 'bench.hop';
const FLOOR_EVERY_MS = 50;

export async function latency({ stage, seconds, rounds, clients: count }) {
  const offers = await putOnSale(stage.sql, 100);
  const clients = await openBuyers(stage, count);
  const nats = await connect({ servers: stage.servers.natsUrl });
  const paidAt = new Map();
  nats.subscribe(PAID, { callback: (_error, message) => paidAt.set(message.json().data.orderId, performance.now()) });
  await nats.flush();
  await stage.sql('create schema bench');
  await stage.sql('create table bench.commit (id uuid primary key)');
  const operation = (client) => paidToLicensing(client, offers, paidAt);
  const { perSecond: most } = await step('maximum rate', () => closedLoop(clients, 2 * seconds, operation), ({ perSecond }) => `${perSecond.toFixed(0)} orders/s`);
  const measured = { service: [], floor: [] };
  for (let round = 1; round <= rounds; round += 1) {
    const floor = hopsMeanwhile(stage.sql, nats);
    measured.service.push(await steadyRate(clients, { perSecond: most / 2, seconds }, operation));
    measured.floor.push(await floor.stop());
    say(`round ${round}: p50 ${measured.service.at(-1).p50.toFixed(1)} ms, floor ${measured.floor.at(-1).p50.toFixed(1)} ms`);
  }
  for (const client of clients) client.close();
  await nats.drain();
  const [service, floor] = [medianOf(measured.service), medianOf(measured.floor)];
  return {
    lines: [{ what: 'payment event → LICENSING on the socket', ...rounded(service) }, { what: 'floor: one commit, one NATS hop', ...rounded(floor) }],
    targets: [
      { what: 'p50 / floor', target: '≤ 3', value: service.p50 / floor.p50, met: service.p50 <= 3 * floor.p50 },
      { what: 'p99 / floor', target: '≤ 10', value: service.p99 / floor.p99, met: service.p99 <= 10 * floor.p99 },
    ],
    rounds: measured,
  };
}

/** Resolves to the time between the two, both by this process's clock. */
async function paidToLicensing(client, offers, paidAt) {
  const { id } = await place(client, offers);
  let licensingAt;
  await client.watch.untilRest(id, (status) => { if (status === 'LICENSING') licensingAt = performance.now(); });
  const from = paidAt.get(id);
  paidAt.delete(id);
  if (from === undefined || licensingAt === undefined) throw new Error(`order ${id} was not seen being paid and licensed`);
  return licensingAt - from;
}

/** A commit and a message through NATS, again and again, under the same load. */
function hopsMeanwhile(sql, nats) {
  const samples = [];
  const arrived = new Map();
  const subscription = nats.subscribe(FLOOR_SUBJECT, { callback: (_error, message) => arrived.get(message.string())?.() });
  let stopping = false;
  const loop = (async () => {
    while (!stopping) {
      const id = randomUUID();
      const from = performance.now();
      await sql('insert into bench.commit (id) values ($1)', [id]);
      const arrival = new Promise((resolve) => arrived.set(id, resolve));
      nats.publish(FLOOR_SUBJECT, id);
      await arrival;
      samples.push(performance.now() - from);
      arrived.delete(id);
      await pause(FLOOR_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await loop;
      subscription.unsubscribe();
      return { operations: samples.length, ...quantiles(samples) };
    },
  };
}

// Orders and browsing on an empty marketplace beside one with years behind it, round by round in turn.
import { setTimeout as pause } from 'node:timers/promises';
import { closedLoop } from '../load/rounds.mjs';
import { medianOf, rounded } from '../measure/figures.mjs';
import { metered } from '../measure/meter.mjs';
import { grow } from '../grown.mjs';
import { putOnSale } from '../offers.mjs';
import { openStage } from '../stage.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';
import { HttpClient } from '../load/http-client.mjs';
import { browseBody, checkPage } from './browse.mjs';
import { buy, openBuyers, place } from './orders.mjs';

const FEW = 100;
const TEMPLATES = 20;
const AT_LEAST = 0.85;
const IDLE_SECONDS = 15;

export async function growth({ stage: young, processes, seconds, rounds, clients: count, orders, listings }) {
  const old = await openStage(processes);
  try {
    const sides = { young: await open(young, await putOnSale(young.sql, FEW), count), old: await open(old, await aged(old, { orders, listings }), count) };
    const measured = { young: { orders: [], browse: [], idle: [] }, old: { orders: [], browse: [], idle: [] } };
    const statements = { young: {}, old: {} };
    for (const side of Object.values(sides)) {
      await closedLoop(side.buyers, seconds, side.buy);
      await closedLoop(side.visitors, seconds / 2, side.browse);
    }
    const measure = async (name, side, what, round) => {
      const { figures, statements: told } = await metered(side.stage, round, { rows: false });
      measured[name][what].push(figures);
      statements[name][what] = told;
    };
    for (let round = 1; round <= rounds; round += 1) {
      for (const [name, side] of Object.entries(sides)) {
        await measure(name, side, 'orders', () => closedLoop(side.buyers, seconds, side.buy));
        await measure(name, side, 'browse', () => closedLoop(side.visitors, seconds, side.browse));
      }
      const last = (name, what) => measured[name][what].at(-1).perSecond.toFixed(0);
      say(`round ${round}: ${last('young', 'orders')} orders/s, with ${orders} behind it ${last('old', 'orders')}; ${last('young', 'browse')} pages/s, ${last('old', 'browse')}`);
    }
    // Of looking for what is due: nothing may read all that has ever been.
    for (const [name, side] of Object.entries(sides)) await measure(name, side, 'idle', async () => { await pause(IDLE_SECONDS * 1_000); return { operations: IDLE_SECONDS, perSecond: 1 }; });
    for (const side of Object.values(sides)) for (const client of [...side.buyers, ...side.visitors]) client.close();
    return { ...resultOf(measured, { orders, listings }), statements };
  } finally {
    await old.close();
  }
}

function resultOf(measured, { orders, listings }) {
  const median = (name, what) => medianOf(measured[name][what]);
  const target = (what) => {
    const [young, old] = [median('young', what).perSecond, median('old', what).perSecond];
    return { what: `${what}: grown / empty`, target: `≥ ${AT_LEAST}`, value: old / young, met: old >= AT_LEAST * young };
  };
  return {
    lines: ['orders', 'browse', 'idle'].flatMap((what) => [
      { what: `${what}, empty`, ...rounded(median('young', what)) },
      { what: `${what}, ${orders} orders and ${listings} listings`, ...rounded(median('old', what)) },
    ]),
    targets: [target('orders'), target('browse')], rounds: measured,
  };
}

async function open(stage, offers, count) {
  return {
    stage,
    buyers: await openBuyers(stage, count), buy: (client) => buy(client, offers),
    visitors: Array.from({ length: count }, () => new HttpClient(stage.replicas[0].url)), browse: async (client) => checkPage(await client.ask(browseBody())),
  };
}

/** As many listings and orders as asked for; the orders are copies of some that were really placed. */
async function aged(stage, { orders, listings }) {
  const offers = await step('listings put on sale', () => putOnSale(stage.sql, listings), ({ length }) => String(length));
  const buyers = await openBuyers(stage, 2);
  const orderIds = [];
  for (let placed = 0; placed < TEMPLATES; placed += 1) {
    const { id } = await place(buyers[0], offers);
    await buyers[0].watch.untilRest(id);
    orderIds.push(id);
  }
  for (const buyer of buyers) buyer.close();
  await grow(stage.sql, { orderIds, offers, count: orders });
  return offers;
}

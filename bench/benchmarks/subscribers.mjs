// 5,000 buyers' sockets, each watching one order: what each takes of memory, and how soon all of them hear of a change.
import { setTimeout as pause } from 'node:timers/promises';
import { requestBody } from '../load/http-client.mjs';
import { OrderWatch } from '../load/order-watch.mjs';
import { residentBytes } from '../measure/cpu.mjs';
import { latency, medianOf, rounded } from '../measure/figures.mjs';
import { putOnSale } from '../offers.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';
import { openBuyers, place } from './orders.mjs';

const SOCKETS = 5_000;
const AT_ONCE = 50;
const CANCEL = 'mutation ($id: ID!) { cancelOrder(id: $id) { order { status } userErrors { code message } } }';
const QUIET_MS = 3_000;
const KIB = 1_024;

export async function subscribers({ stage, rounds, sockets = SOCKETS }) {
  const offers = await putOnSale(stage.sql, 1);
  const [replica] = stage.replicas;
  await fetch(`${stage.sandboxUrl}/sandbox/behaviour`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"payment":"never"}' });
  const { accessToken } = await stage.token({ roles: ['org_admin'] });
  const [buyer] = await openBuyers(stage, 1, accessToken);
  await pause(QUIET_MS); // what the start took is given back
  const before = residentBytes(replica.pid);
  const watches = await step(`${sockets} sockets open`, () => openAll(replica.url, accessToken, sockets));

  const measured = [];
  let each;
  for (let round = 1; round <= rounds; round += 1) {
    const { id } = await place(buyer, offers);
    const told = await fanOut(buyer, watches, id, async () => {
      await pause(QUIET_MS);
      each ??= (residentBytes(replica.pid) - before) / sockets / KIB;
    });
    measured.push({ ...latency(told), allMs: Math.max(...told) });
    say(`round ${round}: told to all within ${measured.at(-1).allMs.toFixed(0)} ms`);
  }
  for (const watch of watches) watch.close();
  buyer.close();
  const figures = medianOf(measured);
  return {
    lines: [{ what: `a change told to ${sockets} sockets`, ...rounded(figures) }],
    targets: [
      { what: 'idle replica, resident MiB', target: '≤ 220', value: before / KIB / KIB, met: before <= 220 * KIB * KIB },
      { what: 'idle replica, seconds until ready', target: '≤ 4', value: replica.readyMs / 1_000, met: replica.readyMs <= 4_000 },
      { what: 'KiB of resident memory each, socket included', target: '≤ 48', value: each, met: each <= 48 },
      { what: 'ms until all are told', target: '≤ 2000', value: figures.allMs, met: figures.allMs <= 2_000 },
    ],
    rounds: measured,
  };
}

async function openAll(url, accessToken, count) {
  const watches = [];
  while (watches.length < count) {
    const batch = Math.min(AT_ONCE, count - watches.length);
    watches.push(...(await Promise.all(Array.from({ length: batch }, () => OrderWatch.open(url, accessToken)))));
  }
  return watches;
}

/** All watch the order; once each has its present status and `ready` is done, it is cancelled. Milliseconds from then, for each. */
async function fanOut(buyer, watches, id, ready) {
  const present = watches.map(pending);
  const changed = watches.map(pending);
  let from = null;
  const followed = Promise.all(watches.map((watch, index) => watch.follow(id, () => {
    if (from === null) present[index].resolve();
    else changed[index].resolve(performance.now() - from);
  })));
  await Promise.race([Promise.all(present.map(({ promise }) => promise)), followed]);
  await ready();
  from = performance.now();
  const { cancelOrder } = await buyer.http.ask(requestBody(CANCEL, { id }));
  if (cancelOrder.userErrors.length > 0) throw new Error(`cancelOrder: ${JSON.stringify(cancelOrder.userErrors)}`);
  await followed;
  return Promise.all(changed.map(({ promise }) => promise));
}

function pending() {
  const parts = {};
  parts.promise = new Promise((resolve) => { parts.resolve = resolve; });
  return parts;
}

// placeOrder over HTTP until FULFILLED is seen by a subscriber; the floor is pgbench with the same writing transactions.
import { randomUUID } from 'node:crypto';
import { orderScript, runPgbench, storeOffers } from '../floor/pgbench.mjs';
import { transactionsOf } from '../floor/statements.mjs';
import { HttpClient, requestBody } from '../load/http-client.mjs';
import { OrderWatch } from '../load/order-watch.mjs';
import { closedLoop, steadyRate } from '../load/rounds.mjs';
import { differences } from '../measure/database.mjs';
import { medianOf, rounded } from '../measure/figures.mjs';
import { metered } from '../measure/meter.mjs';
import { putOnSale } from '../offers.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';

const PLACE = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id number status total { amount currency } } userErrors { code message } } }';
const OFFERS = 100;
const FLOOR_CLIENTS = 16;

export async function orders({ stage, processes, seconds, rounds, clients: count }) {
  const offers = await putOnSale(stage.sql, OFFERS);
  await storeOffers(stage.sql, offers);
  const clients = await openBuyers(stage, count);
  await step('warmed up', () => closedLoop(clients, seconds, (client) => buy(client, offers)), ({ perSecond }) => `${perSecond.toFixed(0)} orders/s`);
  const script = await floorScript(stage, clients[0], offers);
  const dir = processes.privateDir('pgbench');
  const measured = { service: [], floor: [] };
  const rows = {};
  let statements;
  for (let round = 1; round <= rounds; round += 1) {
    const service = await metered(stage, () => closedLoop(clients, seconds, (client) => buy(client, offers)));
    const floor = await metered(stage, () => runPgbench(processes, { script, url: stage.servers.databaseUrl, dir, clients: FLOOR_CLIENTS, seconds }));
    say(`round ${round}: ${service.figures.perSecond.toFixed(0)} orders/s, floor ${floor.figures.perSecond.toFixed(0)}`);
    measured.service.push(service.figures);
    measured.floor.push(floor.figures);
    Object.assign(rows, { service: service.rows, floor: floor.rows });
    ({ statements } = service);
  }
  const [service, floor] = [medianOf(measured.service), medianOf(measured.floor)];
  const half = await steadyRate(clients, { perSecond: service.perSecond / 2, seconds }, (client) => place(client, offers).then(({ tookMs }) => tookMs));
  for (const client of clients) client.close();
  return {
    lines: [{ what: 'orders, end to end', ...rounded(service) }, { what: 'floor: pgbench, same writing transactions', ...rounded(floor) }, { what: 'placeOrder at half of that rate', ...rounded(half) }],
    targets: [
      { what: 'orders / floor', target: '≥ 0.25', value: service.perSecond / floor.perSecond, met: service.perSecond >= floor.perSecond / 4 },
      { what: 'orders/s', target: '≥ 200 on a quiet machine', value: service.perSecond, met: service.perSecond >= 200 },
      { what: 'placeOrder p99 / median at half rate', target: '≤ 5', value: half.p99 / half.p50, met: half.p99 <= 5 * half.p50 },
    ],
    rows, statements, differences: differences(rows.service, rows.floor), rounds: measured,
  };
}

/** Each a person in a tenant of their own (all the one of the `token`, if given), with one connection for requests and one socket to watch by. */
export async function openBuyers(stage, count, token = undefined) {
  return Promise.all(Array.from({ length: count }, async (_, index) => {
    const { url } = stage.replicas[index % stage.replicas.length];
    const accessToken = token ?? (await stage.token({ roles: ['org_admin'] })).accessToken;
    const http = new HttpClient(url, accessToken);
    const watch = await OrderWatch.open(url, accessToken);
    return { http, watch, close: () => { http.close(); watch.close(); } };
  }));
}

/** One seat for somebody new, of any offer; resolves once the order is stored. */
export async function place({ http }, offers) {
  const { planId } = offers[Math.floor(Math.random() * offers.length)];
  const body = requestBody(PLACE, { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: planId, learnerIds: [randomUUID()] }] } });
  const from = performance.now();
  const { placeOrder } = await http.ask(body);
  if (!placeOrder.order) throw new Error(`placeOrder was refused: ${JSON.stringify(placeOrder.userErrors)}`);
  return { id: placeOrder.order.id, tookMs: performance.now() - from };
}

export async function buy(client, offers, onStatus) {
  const { id } = await place(client, offers);
  const status = await client.watch.untilRest(id, onStatus);
  if (status !== 'FULFILLED') throw new Error(`order ${id} ended as ${status}`);
}

/**
 * What one order writes, in the transactions that wrote it. The relay's notes that its events are published, which the
 * service makes for many orders at once, ride with the order's next transaction: a commit each would flatter the service.
 */
async function floorScript(stage, client, offers) {
  const [offer] = offers;
  const transactions = (await transactionsOf(stage, () => buy(client, [offer]))).filter(({ wrote, statements }) => wrote && !/outbox_lease/.test(statements[1]?.text ?? ''));
  const isMark = ({ statements }) => statements.length === 3 && /update marketplace\.outbox set published_at/.test(statements[1].text);
  const kept = transactions.filter((transaction) => !isMark(transaction)).map(({ statements }) => ({ statements: [...statements] }));
  let carrier = -1;
  for (const transaction of transactions) {
    if (!isMark(transaction)) carrier += 1;
    else (kept[carrier + 1] ?? kept[carrier]).statements.splice(-1, 0, transaction.statements[1]);
  }
  say(`one order is ${kept.length} commits with ${kept.reduce((sum, { statements }) => sum + statements.length, 0)} statements that write or are beside them`);
  return orderScript(kept, { offer, offers: offers.length });
}

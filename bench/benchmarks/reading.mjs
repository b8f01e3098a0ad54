// Queries over HTTP beside their own SQL through `pg` alone. What both benchmarks of reading share.
import { openReplay } from '../floor/pg-client.mjs';
import { transactionsOf } from '../floor/statements.mjs';
import { dataOf, HttpClient } from '../load/http-client.mjs';
import { closedLoop } from '../load/rounds.mjs';
import { medianOf, rounded } from '../measure/figures.mjs';
import { metered } from '../measure/meter.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';

/** Pools of the floor are as large as the service's. */
const CONNECTIONS = 20;

/** `check(data)` throws for an answer that is not what was asked for; all later ones have to be the same, byte by byte. `larger` is the same query for twice as much. */
export async function reading({ what, stage, seconds, rounds, clients: count, body, larger, check }) {
  const clients = Array.from({ length: count }, () => new HttpClient(stage.replicas[0].url));
  const expected = await clients[0].answer(body);
  check(dataOf(expected));
  const ask = async (client) => {
    if (!(await client.answer(body)).equals(expected)) throw new Error('the answer is not the one of before');
  };
  await step('warmed up', () => closedLoop(clients, seconds, ask), ({ perSecond }) => `${perSecond.toFixed(0)} requests/s`);
  const transactions = await requestTransactions(stage, () => clients[0].ask(body));
  const statements = countOf(transactions);
  const ofLarger = countOf(await requestTransactions(stage, () => clients[0].ask(larger)));
  const replay = openReplay(stage.servers.databaseUrl, transactions, CONNECTIONS);
  const rowsOfFloor = await replay.play();
  say(`one request is ${transactions.length} transactions with ${statements} statements; they bring ${rowsOfFloor} rows`);

  const measured = { service: [], floor: [] };
  let byStatement;
  for (let round = 1; round <= rounds; round += 1) {
    const service = await metered(stage, () => closedLoop(clients, seconds, ask));
    const floor = await metered(stage, () => closedLoop(clients, seconds, async () => {
      if ((await replay.play()) !== rowsOfFloor) throw new Error('the floor read other rows than before');
    }));
    say(`round ${round}: ${service.figures.perSecond.toFixed(0)} requests/s, floor ${floor.figures.perSecond.toFixed(0)}`);
    measured.service.push(service.figures);
    byStatement = service.statements;
    measured.floor.push(floor.figures);
  }
  for (const client of clients) client.close();
  await replay.close();
  const [service, floor] = [medianOf(measured.service), medianOf(measured.floor)];
  return {
    lines: [{ what, ...rounded(service) }, { what: 'floor: the same SQL through pg alone', ...rounded(floor) }],
    targets: [
      { what: `${what} / floor`, target: '≥ 0.5', value: service.perSecond / floor.perSecond, met: service.perSecond >= floor.perSecond / 2 },
      { what: 'statements for twice as much', target: `${statements}, as for once`, value: ofLarger, met: ofLarger === statements },
    ],
    rowsOfFloor, statements: byStatement, rounds: measured,
  };
}

/** Only the request's own: those of the work behind it are the worker's and tell no one's identity. */
async function requestTransactions(stage, operation) {
  return (await transactionsOf(stage, operation)).filter(({ statements }) => statements[0].text.includes("set_config('app.tenant_id'"));
}

const countOf = (transactions) => transactions.reduce((sum, { statements }) => sum + statements.length, 0);

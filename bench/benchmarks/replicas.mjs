// Orders through one replica against two, on one PostgreSQL; the second is started and stopped again in each round.
import { closedLoop } from '../load/rounds.mjs';
import { medianOf, rounded } from '../measure/figures.mjs';
import { metered } from '../measure/meter.mjs';
import { putOnSale } from '../offers.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';
import { buy, openBuyers } from './orders.mjs';

export async function replicas({ stage, seconds, rounds, clients: count }) {
  const offers = await putOnSale(stage.sql, 100);
  const measured = { one: [], two: [] };
  const run = async () => {
    const clients = await openBuyers(stage, count);
    await closedLoop(clients, seconds / 2, (client) => buy(client, offers)); // a process that has just begun is slow
    const { figures } = await metered(stage, () => closedLoop(clients, seconds, (client) => buy(client, offers)));
    for (const client of clients) client.close();
    return figures;
  };
  await step('warmed up', run);
  for (let round = 1; round <= rounds; round += 1) {
    measured.one.push(await run());
    const second = await stage.addReplica();
    measured.two.push(await run());
    stage.replicas.pop();
    await second.stop();
    say(`round ${round}: ${measured.one.at(-1).perSecond.toFixed(0)} orders/s with one, ${measured.two.at(-1).perSecond.toFixed(0)} with two`);
  }
  const [one, two] = [medianOf(measured.one), medianOf(measured.two)];
  return {
    lines: [{ what: 'orders, one replica', ...rounded(one) }, { what: 'orders, two replicas', ...rounded(two) }],
    targets: [], notes: [`two are ${(two.perSecond / one.perSecond).toFixed(2)} times one; on a machine whose cores one replica and PostgreSQL fill already there is nothing to gain`],
    rounds: measured,
  };
}

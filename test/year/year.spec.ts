import { SCENES } from './plan/scenes';
import { writeReport } from './report';
import { runYear } from './run';

/*
 * Subscriptions live through a year in minutes: only the clock differs. `npm test` runs a short one, `npm run test:year --
 * --seed N` the long one. A seed replays who begins when, how billing answers and what people do; the machine's timing it
 * does not. On the first evening on which something contradicts itself it ends, and says what.
 */
const seed = Number(process.env['YEAR_SEED'] ?? 7); // `npm test` is to find what has changed, not what chance brings
const subscriptions = Number(process.env['YEAR_SUBSCRIPTIONS'] ?? 30);
const days = Number(process.env['YEAR_DAYS'] ?? 64);
const BOUND_MS = 240_000 + subscriptions * days * 30;

it(`given ${subscriptions} subscriptions and ${days} days after the opening month, each evening is as it was reckoned (seed ${seed})`, async () => {
  const say = (line: string) => process.stderr.write(`year ${seed}: ${line}\n`);
  say(`repeat it: npm run test:year -- --seed ${seed} --subscriptions ${subscriptions} --days ${days}`);
  const report = await runYear({ seed, subscriptions, days, say });
  say(`report: ${writeReport(report)}`);
  expect([...report.contradictions, ...report.atTheEnd].slice(0, 20)).toEqual([]);
  const kinds = { ...report.deeds, ...report.tries, kills: report.kills, payouts: report.payouts, EXPIRED: report.states['EXPIRED'] ?? 0 };
  const missing = Object.entries(kinds).filter(([, times]) => times === 0).map(([kind]) => kind);
  expect(subscriptions >= SCENES.length ? missing : []).toEqual([]);
}, BOUND_MS);

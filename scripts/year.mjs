#!/usr/bin/env node
// npm run test:year -- [--seed N] [--subscriptions M] [--days D] [--write-report]
// Lives through a year of subscriptions; writes reports/year-<seed>.json. With --write-report docs/year.md tells what
// came of it, if all went well.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SetupError, complain, say } from './stack/progress.mjs';
import { ROOT, inProject } from './stack/project.mjs';
import { yearPage } from './year/year-page.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string' }, subscriptions: { type: 'string' }, days: { type: 'string' }, 'write-report': { type: 'boolean' } } });

function number(name, fallback) {
  const given = values[name] === undefined ? fallback : Number(values[name]);
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw new SetupError(`--${name} is a whole number from 1, not ${values[name]}`);
}

/** A process of its own, which stops what it has started when it is told to. */
function run(seed, subscriptions, days) {
  const env = { ...process.env, YEAR_SEED: String(seed), YEAR_SUBSCRIPTIONS: String(subscriptions), YEAR_DAYS: String(days) };
  const child = spawn(process.execPath, [inProject('scripts/test.mjs'), '--no-check', 'e2e', 'test/year/year.spec.ts'], { cwd: ROOT, env, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined); // from a terminal it has reached the child too
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

try {
  const seed = number('seed', Date.now() % 1_000_000);
  const [subscriptions, days] = [number('subscriptions', 1_000), number('days', 365)];
  const command = `npm run test:year -- --seed ${seed} --subscriptions ${subscriptions} --days ${days}`;
  say(command);
  process.exitCode = (await run(seed, subscriptions, days)) === 0 ? 0 : 1;
  if (values['write-report'] && process.exitCode === 0) {
    const report = JSON.parse(readFileSync(inProject(`reports/year-${seed}.json`), 'utf8'));
    writeFileSync(inProject('docs/year.md'), yearPage(report, `${command} --write-report`));
    say('docs/year.md is written');
  }
} catch (error) {
  complain(error);
  process.exitCode = 1;
}

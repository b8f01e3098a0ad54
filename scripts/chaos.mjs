#!/usr/bin/env node
// npm run test:chaos -- [--seed N] [--seeds K] [--orders M] [--at-once P] [--resume] [--write-report]
// Runs the chaos suite over one seed, or K in a row from N on, P of them at once (each has servers of its own, and mostly
// waits); each writes reports/chaos-<seed>.json. With --resume, seeds that went well before are not run again. With --write-report docs/reliability.md tells what came of them, if all went well.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { reliabilityPage } from './chaos/reliability-page.mjs';
import { SetupError, complain, say } from './stack/progress.mjs';
import { ROOT, inProject } from './stack/project.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string' }, seeds: { type: 'string' }, orders: { type: 'string' }, 'at-once': { type: 'string' }, resume: { type: 'boolean' }, 'write-report': { type: 'boolean' } } });

function number(name, fallback) {
  const given = values[name] === undefined ? fallback : Number(values[name]);
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw new SetupError(`--${name} is a whole number from 1, not ${values[name]}`);
}

const reportFile = (seed) => inProject(`reports/chaos-${seed}.json`);
const reportOf = (seed) => JSON.parse(readFileSync(reportFile(seed), 'utf8'));

/** Whether the seed went well with so many orders before. */
function wentWell(seed, orders) {
  return existsSync(reportFile(seed)) && reportOf(seed).wentWellWith === orders;
}

/** A process of its own for each seed, which stops what it has started when it is told to. */
function run(seed, orders) {
  const env = { ...process.env, CHAOS_SEED: String(seed), CHAOS_ORDERS: String(orders) };
  const child = spawn(process.execPath, [inProject('scripts/test.mjs'), '--no-check', 'e2e', 'test/chaos/chaos.spec.ts'], { cwd: ROOT, env, stdio: 'inherit' });
  running.add(child);
  return new Promise((resolve) => child.once('exit', (code, signal) => {
    running.delete(child);
    resolve(signal ?? code);
  }));
}

const running = new Set();
let interrupted = false;
process.on('SIGINT', () => { interrupted = true; }); // from a terminal it has reached the child too
for (const signal of ['SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
  });
}

try {
  const orders = number('orders', 500);
  const first = number('seed', values.seeds === undefined ? Date.now() % 1_000_000 : 1);
  const seeds = Array.from({ length: number('seeds', 1) }, (_, index) => first + index);
  const atOnce = number('at-once', 1);
  const failed = [];
  const waiting = [...seeds];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let seed = waiting.shift(); seed !== undefined && !interrupted; seed = waiting.shift()) {
      if (values.resume && wentWell(seed, orders)) continue;
      say(`seed ${seed}, ${orders} orders`);
      if ((await run(seed, orders)) !== 0) failed.push(seed);
      else writeFileSync(reportFile(seed), `${JSON.stringify({ ...reportOf(seed), wentWellWith: orders }, null, 2)}\n`);
    }
  }));
  for (const seed of failed) say(`failed: npm run test:chaos -- --seed ${seed} --orders ${orders}`);
  process.exitCode = failed.length > 0 || interrupted ? 1 : 0;
  if (values['write-report'] && process.exitCode === 0) {
    const reports = seeds.map(reportOf);
    writeFileSync(inProject('docs/reliability.md'), reliabilityPage(reports, `npm run test:chaos -- --seed ${first} --seeds ${seeds.length} --orders ${orders}${atOnce > 1 ? ` --at-once ${atOnce}` : ''} --write-report`));
    say('docs/reliability.md is written');
  }
} catch (error) {
  complain(error);
  process.exitCode = 1;
}

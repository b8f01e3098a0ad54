#!/usr/bin/env node
// npm run bench [-- <name> …] [-- --rounds N] [-- --seconds N] [-- --clients N] [-- --profile]
// npm run bench:growth [-- --orders N] [-- --listings N] …: minutes of seeding before the first round
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/stack/build.mjs';
import { ensurePackages, requireNode } from '../scripts/stack/packages.mjs';
import { SetupError, complain, say } from '../scripts/stack/progress.mjs';
import { inProject } from '../scripts/stack/project.mjs';
import { runWith } from '../scripts/stack/run.mjs';

const ORDINARY = ['orders', 'browse', 'entities', 'seats', 'relay', 'latency', 'subscribers', 'replicas'];
/** By name only: they take long. */
const FURTHER = ['growth'];

function readOptions() {
  const whole = (text, name) => {
    if (!/^[1-9]\d*$/.test(text)) throw new SetupError(`--${name} takes a whole number from 1`);
    return Number(text);
  };
  const number = (fallback) => ({ type: 'string', default: String(fallback) });
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: number(5), seconds: number(6), clients: number(32), orders: number(1_000_000), listings: number(100_000), profile: { type: 'boolean', default: false } } });
  const unknown = positionals.find((name) => ![...ORDINARY, ...FURTHER].includes(name));
  if (unknown) throw new SetupError(`no benchmark is called ${unknown}: there are ${[...ORDINARY, ...FURTHER].join(', ')}`);
  const { profile, ...numbers } = values;
  return { names: positionals.length > 0 ? positionals : ORDINARY, profile, ...Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, whole(text, name)])) };
}

/** Each benchmark has a stage of its own, so that none leaves rows behind for the next. Whether its floor did the same work. */
async function run(processes, name, { profile, ...options }) {
  const [{ openStage }, { report }, { pgbenchVersion }] = await Promise.all([import('./stage.mjs'), import('./report.mjs'), import('./floor/pgbench.mjs')]);
  const { [name]: benchmark } = await import(`./benchmarks/${name}.mjs`);
  const profileDir = inProject('bench/results');
  mkdirSync(profileDir, { recursive: true });
  say(`── ${name}`);
  const stage = await openStage(processes, { nodeArgs: profile ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}.cpuprofile`] : [] });
  try {
    const result = await benchmark({ stage, processes, ...options });
    report(name, result, { ...options, profile, floorBy: pgbenchVersion() });
    return (result.differences ?? []).length === 0;
  } finally {
    await stage.close();
  }
}

let options;
try {
  options = readOptions();
} catch (error) {
  complain(error instanceof SetupError ? error : new SetupError(error.message));
  process.exit(2);
}
await runWith(inProject('.dev/bench-logs'), async (processes) => {
  requireNode();
  await ensurePackages();
  await ensureBuilt();
  let comparable = true;
  for (const name of options.names) {
    try {
      comparable = (await run(processes, name, options)) && comparable;
    } catch (error) { // the others are measured all the same
      complain(error);
      comparable = false;
    }
  }
  return comparable ? 0 : 1; // a target that is missed is a finding; a floor that did something else is a mistake
});

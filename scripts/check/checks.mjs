// What `npm run check` runs, in this order. Each is also a command of its own: npm run check:<name>.
import { readFileSync } from 'node:fs';
import { SetupError, say, step } from '../stack/progress.mjs';
import { inProject } from '../stack/project.mjs';

const bin = (file) => inProject('node_modules', file);

export const CHECKS = {
  lint: [[bin('eslint/bin/eslint.js'), '.', '--max-warnings=0', '--cache', '--cache-location', '.dev/eslint-cache']],
  types: [[bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json']],
  deps: [['scripts/check/dependencies.mjs'], ['scripts/check/dependency-probe.mjs']],
  alerts: [['scripts/check/alerts.mjs'], ['scripts/check/alerts-probe.mjs']],
  events: [['scripts/event-types.mjs', '--check']],
  schema: [['scripts/schema.mjs', '--check']],
  breaking: [['scripts/check/breaking-changes.mjs']],
  pinned: [['scripts/check/pinned.mjs']],
  licenses: [['scripts/check/licenses.mjs']],
  compose: [['scripts/compose.mjs', '--check']],
  codegen: [[bin('@graphql-codegen/cli/cjs/bin.js'), '--config', 'codegen.ts', '--check']],
};

/** Runs the named checks, all of them even when one fails; resolves to whether every one passed. */
export async function runChecks(processes, names = Object.keys(CHECKS)) {
  say(`── checks: ${names.join(', ')}`);
  const failed = [];
  for (const name of names) {
    const output = await step(`check:${name}`, () => runCheck(processes, name), (out) => (out === undefined ? 'ok' : 'FAILED'));
    if (output === undefined) continue;
    failed.push(name);
    process.stdout.write(`${output}\n`);
  }
  return failed.length === 0;
}

/** Resolves to undefined when it passed, else to what its commands had to say. */
async function runCheck(processes, name) {
  if (!CHECKS[name]) throw new SetupError(`no check is called ${name}: there are ${Object.keys(CHECKS).join(', ')}`);
  for (const [index, args] of CHECKS[name].entries()) {
    const child = processes.start(`check-${name}-${index}`, process.execPath, args);
    if ((await child.exited) !== 'exit code 0') return readFileSync(child.logFile, 'utf8').trimEnd();
  }
  return undefined;
}

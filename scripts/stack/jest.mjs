// One run of jest for each project, and what came of it.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT, inProject } from './project.mjs';
import { SetupError, say } from './progress.mjs';

export const PROJECTS = ['unit', 'integration', 'e2e'];
/** Jest's words for a test that leaves a connection or timer behind. It says so and goes on; here it is a failure. */
const LEAK = /failed to exit gracefully|did not exit one second after/;
const LEAK_GRACE_MS = 5_000;

/** Sorts the arguments of `npm test`: projects by name or by the folder of a path, everything else is jest's. */
export function readSelection(args) {
  const ours = args.filter((arg) => arg === '--check' || arg === '--no-check');
  const named = args.filter((arg) => PROJECTS.includes(arg));
  const jestArgs = args.filter((arg) => !ours.includes(arg) && !named.includes(arg));
  const fromPaths = jestArgs.filter((arg, index) => isPath(arg, jestArgs[index - 1])).map(projectOf);
  const projects = new Set([...named, ...(named.length > 0 ? [] : fromPaths)]);
  const filtered = named.length + jestArgs.length > 0;
  return {
    projects: projects.size > 0 ? [...projects] : PROJECTS,
    jestArgs,
    everything: !filtered,
    check: ours.includes('--check') || (!filtered && !ours.includes('--no-check')),
  };
}

/** `-t 'pays / refunds'` has a slash too, but is a name. */
function isPath(arg, before) {
  return !arg.startsWith('-') && !['-t', '--testNamePattern'].includes(before) && /\.ts$|\//.test(arg);
}

function projectOf(file) {
  if (/(^|\/)test\/integration(\/|$)/.test(file)) return 'integration';
  return /(^|\/)test\/(e2e|chaos|year)(\/|$)/.test(file) && !/(chaos\/plan|year\/(plan|reckoning|check))/.test(file) ? 'e2e' : 'unit';
}

/** Resolves to counts and verdict; jest's own output goes to standard output as it comes. */
export async function runProject(processes, project, jestArgs, env) {
  say(`── ${project} tests`);
  const report = inProject(`reports/jest-${project}-${process.pid}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  const args = [
    inProject('node_modules/jest/bin/jest.js'),
    ...['--selectProjects', project, '--passWithNoTests', '--json', `--outputFile=${report}`],
    ...(jestArgs.some((arg) => /^(--runInBand|-i|--maxWorkers|-w)/.test(arg)) ? [] : ['--maxWorkers=2']),
    ...jestArgs,
  ];
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = processes.start(`jest-${project}`, process.execPath, args, {
    env: { ...env, ...colour },
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'], // with --json, standard output is the report once more
  });
  let leaked = false;
  let timer;
  child.stderr.on('data', (chunk) => {
    process.stdout.write(chunk);
    if (leaked || !LEAK.test(chunk)) return;
    leaked = true;
    timer = setTimeout(() => processes.end(child), LEAK_GRACE_MS);
  });
  const how = await child.exited;
  clearTimeout(timer);
  if (processes.stopping) throw new SetupError('interrupted');
  return { project, ...verdict(report, how, leaked) };
}

function verdict(report, how, leaked) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, ok: false, why: `jest ended without a report (${how})` };
  } finally {
    rmSync(report, { force: true });
  }
  const counts = { passed: results.numPassedTests, failed: results.numFailedTests };
  if (!results.success) return { ...counts, ok: false, why: describeFailures(results) };
  if (leaked) return { ...counts, ok: false, why: 'a test left something open that kept jest from ending' };
  return { ...counts, ok: how === 'exit code 0', why: how };
}

function describeFailures(results) {
  const files = results.testResults.filter((result) => result.status === 'failed').map((result) => path.relative(ROOT, result.name));
  return files.join(', ') || 'see above';
}

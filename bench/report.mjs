// A table for people, JSON for programs: bench/results/<name>.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inProject } from '../scripts/stack/project.mjs';

const RESULTS = inProject('bench/results');
const HEADINGS = { perSecond: '/s', p50: 'p50 ms', p95: 'p95 ms', p99: 'p99 ms', writesEach: 'commits', statementsEach: 'statements', replicaCpuMsEach: 'replica ms', postgresCpuMsEach: 'postgres ms', sandboxCpuMsEach: 'sandbox ms' };

export function report(name, result, circumstances) {
  mkdirSync(RESULTS, { recursive: true });
  const load = os.loadavg().map((value) => Number(value.toFixed(1)));
  const file = path.join(RESULTS, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ name, at: new Date().toISOString(), machine: { cpus: os.cpus().length, model: os.cpus()[0]?.model, load }, ...circumstances, ...result }, null, 2)}\n`);
  const text = [`\n── ${name} (load of the machine ${load.join(', ')})`, table(result.lines), ...(result.notes ?? []),
    ...result.targets.map(({ what, target, value, met }) => `${met ? '✓' : '✗'} ${what}: ${Number(value.toPrecision(3))}, target ${target}`),
    ...(result.differences ?? []).map((difference) => `✗ not the same rows an operation: ${difference}`), `→ ${path.relative(inProject(), file)}`, ''];
  process.stdout.write(`${text.join('\n')}\n`);
}

function table(lines) {
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))].filter((column) => column !== 'operations');
  const cells = [columns.map((column) => HEADINGS[column] ?? column), ...lines.map((line) => columns.map((column) => String(line[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index].length)));
  return cells.map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))).join('  ').trimEnd()).join('\n');
}

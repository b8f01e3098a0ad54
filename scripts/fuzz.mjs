#!/usr/bin/env node
// npm run test:fuzz [-- --calls 10000] [-- --seed N]: hostile calls over every query and mutation; reports/fuzz.json.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { inProject } from './stack/project.mjs';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '10000' }, seed: { type: 'string' } } });
const env = { ...process.env, FUZZ_CALLS: values.calls, ...(values.seed && { FUZZ_SEED: values.seed }) };
const child = spawn(process.execPath, [inProject('scripts/test.mjs'), '--no-check', 'e2e', 'test/e2e/fuzz.spec.ts'], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => { process.exitCode = code ?? 1; });

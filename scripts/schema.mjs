#!/usr/bin/env node
// npm run generate:schema: schema/marketplace.graphql, printed from the resolvers. `--check` only compares.
import { spawnSync } from 'node:child_process';
import { writeOrCheck } from './committed-file.mjs';
import { ensureBuilt } from './stack/build.mjs';
import { complain } from './stack/progress.mjs';
import { ROOT, inProject } from './stack/project.mjs';

try {
  await ensureBuilt();
  const args = ['--enable-source-maps', 'dist/resolvers/print-schema.js'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`the schema could not be printed:\n${stderr}`);
  writeOrCheck(inProject('schema/marketplace.graphql'), `${stdout.trimEnd()}\n`, 'npm run generate:schema');
} catch (error) {
  complain(error);
  process.exitCode = 1;
}

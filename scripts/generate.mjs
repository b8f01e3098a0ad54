#!/usr/bin/env node
// npm run generate: everything that is generated, in the order in which one needs the other.
import { spawnSync } from 'node:child_process';
import { ensureBuilt } from './stack/build.mjs';
import { ensurePackages, requireNode } from './stack/packages.mjs';
import { SetupError, complain, step } from './stack/progress.mjs';
import { ROOT, inProject } from './stack/project.mjs';

const codegen = inProject('node_modules/@graphql-codegen/cli/cjs/bin.js');

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new SetupError(`node ${args.join(' ')} failed`);
}

try {
  requireNode();
  await ensurePackages();
  await step('types of the events', () => run('scripts/event-types.mjs'));
  await ensureBuilt();
  await step('schema/marketplace.graphql', () => run('scripts/schema.mjs'));
  await step('schema/supergraph.graphql', () => run('scripts/compose.mjs'));
  await step('typed operations', () => run(codegen, '--config', 'codegen.ts'));
} catch (error) {
  complain(error);
  process.exitCode = 1;
}

#!/usr/bin/env node
// npm run check, npm run check:<name>: what must hold before a commit; the same here, in `npm test` and in CI.
import { runChecks } from './check/checks.mjs';
import { ensureBuilt } from './stack/build.mjs';
import { ensurePackages, requireNode } from './stack/packages.mjs';
import { inProject } from './stack/project.mjs';
import { runWith } from './stack/run.mjs';

const names = process.argv.slice(2);

await runWith(inProject('.dev/check-logs'), async (processes) => {
  requireNode();
  await ensurePackages();
  await ensureBuilt();
  return (await runChecks(processes, names.length > 0 ? names : undefined)) ? 0 : 1;
});

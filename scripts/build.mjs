#!/usr/bin/env node
// npm run build: dist/ from the sources.
import { ensureBuilt } from './stack/build.mjs';
import { ensurePackages, requireNode } from './stack/packages.mjs';
import { complain, say } from './stack/progress.mjs';

try {
  requireNode();
  await ensurePackages();
  await ensureBuilt();
  say('dist/ is up to date');
} catch (error) {
  complain(error);
  process.exitCode = 1;
}

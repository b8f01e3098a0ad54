// TypeScript → dist/, by swc; skipped while nothing has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { SetupError, step } from './progress.mjs';
import { ROOT, inProject } from './project.mjs';

const SOURCE_DIRS = ['src', 'resolvers', 'sagas', 'entities', 'migrations', 'sandbox'];
const DIST = inProject('dist');
const STAMP = '.source-hash';

/** Brings dist/ up to date. Two at once are safe: one builds, beside dist/, and swaps; the other waits and finds it done. */
export async function ensureBuilt() {
  if (isUpToDate()) return;
  await withLock('build', async () => {
    if (isUpToDate()) return;
    await step('compiled', compile, (files) => `${files} source files → dist/`);
  });
}

function isUpToDate() {
  const stamp = path.join(DIST, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash(sources());
}

function compile() {
  const files = sources();
  const hash = sourceHash(files);
  // As deep as dist/ itself, so that the paths in the source maps hold after the renaming.
  const fresh = mkdtempSync(inProject('.dist-'));
  const replaced = `${fresh}-replaced`;
  try {
    writeFileSync(path.join(fresh, '.gitignore'), '*\n');
    runSwc(fresh);
    writeFileSync(path.join(fresh, STAMP), hash);
    if (existsSync(DIST)) renameSync(DIST, replaced);
    renameSync(fresh, DIST);
  } finally {
    for (const left of [fresh, replaced]) rmSync(left, { recursive: true, force: true });
  }
  return files.length;
}

function runSwc(outDir) {
  const dirs = SOURCE_DIRS.filter((dir) => existsSync(inProject(dir)));
  const args = [...dirs, '--out-dir', outDir, '--ignore', '**/*.spec.ts,**/*.d.ts', '--copy-files', '--quiet'];
  const swc = inProject('node_modules/@swc/cli/bin/swc.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [swc, ...args], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`the sources do not compile:\n${stdout}${stderr}`);
}

function sources() {
  return SOURCE_DIRS.flatMap((dir) => filesBelow(inProject(dir))).sort();
}

function filesBelow(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function sourceHash(files) {
  const hash = createHash('sha256');
  for (const file of [...files, inProject('.swcrc'), inProject('package-lock.json')]) {
    hash.update(path.relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

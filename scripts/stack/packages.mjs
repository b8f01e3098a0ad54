// Node's version and the packages: what every other script needs first. Runs without node_modules.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { SetupError, say, step } from './progress.mjs';
import { ROOT, inProject } from './project.mjs';

const STAMP = inProject('node_modules/.package-lock-hash');
const LOCKFILE = inProject('package-lock.json');
/** What npm itself notes about what it has installed. */
const INSTALLED = inProject('node_modules/.package-lock.json');
const LEAST_NODE = [20, 19];

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new SetupError(`Node ${LEAST_NODE.join('.')} or later is needed, this is ${process.versions.node}: see https://nodejs.org`);
}

/** Installs the packages of package-lock.json when they are missing or others. */
export async function ensurePackages() {
  if (areInstalled()) return;
  await withLock('install', async () => {
    if (areInstalled()) return;
    say('installing packages with npm ci; the first time this takes a minute');
    await step('packages installed', install);
  });
}

function areInstalled() {
  const lockHash = createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex');
  if (textOf(STAMP) === lockHash) return true;
  if (!sameAsInstalled()) return false;
  writeFileSync(STAMP, lockHash);
  return true;
}

/** Whether every package that the lock file names is there in its version, for example after `npm install` by hand. */
function sameAsInstalled() {
  const wanted = packagesOf(LOCKFILE);
  const installed = packagesOf(INSTALLED);
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (installed[path] === undefined ? Boolean(entry.optional || entry.devOptional) : installed[path].version === entry.version),
  );
}

function packagesOf(file) {
  const text = textOf(file);
  return text === undefined ? {} : (JSON.parse(text).packages ?? {});
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const QUIETLY = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

function install() {
  const strict = npm('ci', ...QUIETLY);
  // `--no-save` installs what the lock file names and leaves it as it is.
  if (strict.status !== 0 && lacksOnlyOtherPlatforms(strict.stderr)) {
    say('npm ci wants builds for other platforms in the lock file too; npm install does without');
    const tolerant = npm('install', '--no-save', ...QUIETLY);
    if (tolerant.status !== 0) throw failure('npm install', tolerant);
  } else if (strict.status !== 0) throw failure('npm ci', strict);
  writeFileSync(STAMP, createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex'));
}

/**
 * A registry that does not carry an optional build leaves it out of the lock file, without a version; `npm ci` then
 * takes the lock file for out of date. Anything else that is missing, or another version, is really out of date.
 */
function lacksOnlyOtherPlatforms(stderr) {
  const complaints = stderr.split('\n').filter((line) => /(Missing|Invalid): /.test(line));
  return complaints.length > 0 && complaints.every((line) => /Missing: (@[^@]+|[^@]+)@ from lock file/.test(line));
}

function npm(...args) {
  const path = process.env.npm_execpath;
  const [command, ...first] = path?.endsWith('.js') ? [process.execPath, path] : ['npm'];
  const result = spawnSync(command, [...first, ...args], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'inherit', 'pipe'] });
  if (result.error) throw new SetupError(`npm could not be started (${result.error.message}): install npm beside Node`);
  return result;
}

function failure(command, { status, stderr }) {
  const lines = stderr.trim().split('\n').slice(0, 20).join('\n');
  return new SetupError(`${command} failed with exit code ${status}:\n${lines}`);
}

// Prometheus's own tests of rules. promtool is not to be had from npm: PROMTOOL, the PATH, or unpacked from Debian's
// package `prometheus` without installing it; else the tests are left out, and a line says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DEV_DIR } from '../stack/project.mjs';

const UNPACKED = path.join(DEV_DIR, 'promtool');
const BINARY = path.join(UNPACKED, 'usr/bin/promtool');
const DOWNLOAD_WITHIN_MS = 60_000;

/** Checks and tests the rules of the folder; answers with what is wrong. */
export function runPromtool(folder) {
  const promtool = find();
  if (!promtool) {
    console.log('promtool is not here: its tests are left out (set PROMTOOL, or install the package prometheus)');
    return [];
  }
  const files = readdirSync(folder);
  const named = (suffix) => files.filter((file) => file.endsWith(suffix));
  return [['check', 'rules', ...named('.rules.yaml')], ['test', 'rules', ...named('.test.yaml')]].flatMap((args) => {
    const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? [] : [`promtool ${args.slice(0, 2).join(' ')}: ${stdout}${stderr}`];
  });
}

function find() {
  const candidates = [process.env.PROMTOOL, 'promtool', BINARY].filter((candidate) => candidate);
  return candidates.find(works) ?? (unpack() && works(BINARY) ? BINARY : undefined);
}

function works(command) {
  return spawnSync(command, ['--version']).status === 0;
}

function unpack() {
  mkdirSync(UNPACKED, { recursive: true });
  const run = (command, ...args) => spawnSync(command, args, { cwd: UNPACKED, timeout: DOWNLOAD_WITHIN_MS }).status === 0;
  if (!run('apt-get', 'download', '-qq', 'prometheus')) return false;
  const [file] = readdirSync(UNPACKED).filter((name) => name.endsWith('.deb'));
  const unpacked = file !== undefined && run('dpkg', '-x', file, '.');
  if (file !== undefined) rmSync(path.join(UNPACKED, file), { force: true });
  return unpacked && existsSync(BINARY);
}

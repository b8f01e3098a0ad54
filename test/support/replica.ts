import { TestProcess, type Exit } from './child-process';
import { freePort } from './ports';
import { programEnvironment } from './program-environment';
import { answersOk, retryOnTakenPort, untilReady } from './readiness';

type Settings = Readonly<Record<string, string>>;

/** One replica of the service: it keeps its port when it is killed and started again. */
export class Replica {
  #process: TestProcess;

  private constructor(
    readonly name: string,
    readonly port: number,
    readonly group: string,
    readonly env: Settings,
    process: TestProcess,
  ) {
    this.#process = process;
  }

  static async start(name: string, group: string, env: Settings): Promise<Replica> {
    return retryOnTakenPort(async () => {
      const port = await freePort();
      return new Replica(name, port, group, env, await launchReady(name, port, group, env));
    });
  }

  /** Without the path: `/healthz`, `/readyz` and `/metrics` are below it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get graphqlUrl(): string {
    return `${this.url}/graphql`;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get running(): boolean {
    return this.#process.running;
  }

  /** Resolves when the present process has ended, for example at a kill point of its own. */
  get exited(): Promise<Exit> {
    return this.#process.exited;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    return this.#process.kill(signal);
  }

  /** Asks it to drain and stop, as a deployment does. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** Starts it again once it has ended; `env` holds for this start only. Resolves when it is ready. */
  async start(env: Settings = {}): Promise<void> {
    await this.launch(env);
    await this.ready();
  }

  /** As `start`, without waiting for readiness: for a replica that is about to die during its start. */
  async launch(env: Settings = {}): Promise<void> {
    if (this.running) throw new Error(`${this.name} runs already`);
    this.#process = await launch(this.name, this.port, this.group, { ...this.env, ...env });
  }

  /** Waits until it takes part: database, NATS and migrations are as it needs them. */
  ready(): Promise<void> {
    return untilReady(this.#process, () => answersOk(`${this.url}/readyz`));
  }

  get logFile(): string {
    return this.#process.logFile;
  }

  logTail(lines?: number): string {
    return this.#process.logTail(lines);
  }
}

function launch(name: string, port: number, group: string, env: Settings): Promise<TestProcess> {
  return TestProcess.start({
    name,
    group,
    command: process.execPath,
    args: ['--enable-source-maps', 'dist/src/main.js'],
    env: programEnvironment({ ...env, PORT: String(port) }),
  });
}

async function launchReady(name: string, port: number, group: string, env: Settings): Promise<TestProcess> {
  const child = await launch(name, port, group, env);
  try {
    await untilReady(child, () => answersOk(`http://127.0.0.1:${port}/readyz`));
    return child;
  } catch (error) {
    await child.kill();
    throw error;
  }
}

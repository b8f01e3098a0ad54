import { readFileSync } from 'node:fs';
import type { Replica } from '../../support/replica';
import { waitFor } from '../../support/wait';
import type { TcpProxy } from './tcp-proxy';

export interface Proxies {
  readonly postgres: TcpProxy;
  readonly nats: TcpProxy;
}

const DRAIN_WITHIN_MS = 20_000;

/** A replica and what stands around it. One fault at a time has it; one that ends by itself is noticed. */
export class ControlledReplica {
  /** How it ended when nobody had ended it: none, where all is well. */
  readonly surprises: string[] = [];
  #lasting: Record<string, string> = {};
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #expected = false;

  constructor(
    readonly replica: Replica,
    readonly proxies: Proxies,
  ) {
    this.#watch();
  }

  /** Waits until nobody else does something to it. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const turn = this.#turn.then(work).finally(() => { this.#waiting -= 1; });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Whether somebody does something to it just now. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  async kill(): Promise<boolean> {
    this.#expected = true;
    const { signal } = await this.replica.kill();
    return signal === 'SIGKILL';
  }

  /** Drains and ends, as in a deployment: one that does not end in time is killed, as there. Says whether it ended by itself. */
  async drain(): Promise<boolean> {
    this.#expected = true;
    const timer = setTimeout(() => void this.replica.kill(), DRAIN_WITHIN_MS);
    const { signal } = await this.replica.kill('SIGTERM').finally(() => { clearTimeout(timer); });
    return signal !== 'SIGKILL';
  }

  /** `lasting` holds for later starts too, `once` for this one; `doomed`: it is going to end itself. */
  async launch({ lasting = {}, once = {}, doomed = false }: { readonly lasting?: Readonly<Record<string, string>>; readonly once?: Readonly<Record<string, string>>; readonly doomed?: boolean } = {}): Promise<void> {
    if (this.replica.running) await this.kill();
    this.#lasting = { ...this.#lasting, ...lasting };
    await this.replica.launch({ ...this.#lasting, ...once });
    this.#expected = doomed;
    this.#watch();
  }

  /** Waits until it takes part, or has died at its point; one that cannot for now, because its servers are away, is not waited for longer than that. */
  async untilReady(): Promise<void> {
    await waitFor(async () => !this.replica.running || (await fetch(`${this.replica.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok, { withinMs: 120_000, what: `${this.replica.name} is ready`, everyMs: 100 }).catch(() => undefined);
  }

  get runsNextDefinition(): boolean {
    return this.#lasting['CHAOS_NEXT_DEFINITION'] !== undefined;
  }

  /** Whether the kernel holds it: stopped by SIGSTOP. */
  get held(): boolean {
    if (!this.replica.running) return false;
    const stat = readFileSync(`/proc/${this.replica.pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.replica.running) process.kill(-this.replica.pid, name);
  }

  /** From now on it is not left stopped: what it was to stop at it may reach only now. Until it is launched again. */
  keepAwake(): void {
    const { pid } = this.replica;
    const timer = setInterval(() => {
      if (!this.replica.running || this.replica.pid !== pid) clearInterval(timer);
      else if (!this.busy && this.held) this.signal('SIGCONT');
    }, 250);
    timer.unref();
  }

  #watch(): void {
    void this.replica.exited.then(({ code, signal }) => {
      if (!this.#expected) this.surprises.push(`${this.replica.name} ended by itself (${signal ?? `exit code ${code}`})\n${this.replica.logTail(15)}`);
    });
  }
}

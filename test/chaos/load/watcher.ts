import { OrderStatusChangedDocument } from '../../e2e/operations/generated';
import { waitFor } from '../../support/wait';
import type { Patron } from './marketplace-client';

/** A stream that says nothing for so long is begun again at another replica, after the last version that was seen. */
const QUIET_MS = 8_000;

/** A storefront that follows an order by graphql-ws, through whatever replicas there are. */
export class Watcher {
  readonly versions: number[] = [];
  status: string | null = null;
  /** How often it had to begin again. */
  resumed = 0;
  #over = false;
  #interrupt: (() => void) | null = null;

  constructor(
    readonly orderId: string,
    private readonly patron: Patron,
  ) {}

  get seen(): number {
    return this.versions.at(-1) ?? 0;
  }

  /** Follows until the order rests or `stop` is called. */
  async follow(): Promise<void> {
    while (!this.#over && !(await this.once().catch(() => false))) {
      this.resumed += 1;
      await this.pause(300);
    }
  }

  /** Looks for what came after the state of rest in which the stream ended: a refund, for example. */
  async catchUp(toVersion: number): Promise<void> {
    await waitFor(async () => this.seen >= toVersion || ((await this.once()), this.seen >= toVersion), { withinMs: 30_000, what: `version ${toVersion} of order ${this.orderId}` });
  }

  stop(): void {
    this.#over = true;
    this.#interrupt?.();
  }

  /** Resolves to whether the stream ended by itself, as it does where the order rests. */
  private async once(): Promise<boolean> {
    const socket = this.patron.socket();
    let left = false;
    let quiet: NodeJS.Timeout | undefined;
    const leave = (): void => {
      left = true;
      void socket.dispose();
    };
    this.#interrupt = leave;
    const listen = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(leave, QUIET_MS);
    };
    listen();
    try {
      for await (const { data, errors } of socket.subscribe(OrderStatusChangedDocument, { orderId: this.orderId, afterVersion: this.seen })) {
        if (errors || !data) return false;
        this.versions.push(data.orderStatusChanged.version);
        this.status = data.orderStatusChanged.status;
        listen();
      }
      return !left;
    } finally {
      clearTimeout(quiet);
      await socket.dispose();
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resume) => {
      const timer = setTimeout(resume, ms);
      this.#interrupt = () => { clearTimeout(timer); resume(); };
    });
  }
}

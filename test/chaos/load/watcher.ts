import { OrderStepsDocument } from '../../e2e/operations/generated';
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
    await waitFor(async () => this.seen >= toVersion || ((await this.once()), this.seen >= toVersion), { withinMs: 120_000, what: `version ${toVersion} of order ${this.orderId}` });
  }

  stop(): void {
    this.#over = true;
    this.#interrupt?.();
  }

  /** Resolves to whether the stream ended by itself, as it does where the order rests. A replica that hangs is not waited for. */
  private async once(): Promise<boolean> {
    const socket = this.patron.socket();
    const left = leaving();
    this.#interrupt = left.leave;
    let quiet = setTimeout(left.leave, QUIET_MS);
    const updates = socket.subscribe(OrderStepsDocument, { orderId: this.orderId, afterVersion: this.seen });
    try {
      for (;;) {
        const update = await Promise.race([updates.next(), left.promise]);
        if (update === null || update.done) return update !== null;
        if (update.value.errors || !update.value.data) return false;
        this.versions.push(update.value.data.orderStatusChanged.version);
        this.status = update.value.data.orderStatusChanged.status;
        clearTimeout(quiet);
        quiet = setTimeout(left.leave, QUIET_MS);
      }
    } finally {
      clearTimeout(quiet);
      socket.dispose().catch(() => undefined); // it waits for a connection that may never be made
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resume) => {
      const timer = setTimeout(resume, ms);
      this.#interrupt = () => { clearTimeout(timer); resume(); };
    });
  }
}

/** A promise of null that somebody keeps by leaving. */
function leaving(): { readonly promise: Promise<null>; readonly leave: () => void } {
  let leave: () => void = () => undefined;
  const promise = new Promise<null>((resolve) => { leave = () => { resolve(null); }; });
  return { promise, leave };
}

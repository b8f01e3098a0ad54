import type { Tx } from '../src/application/ports/unit-of-work';

type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

interface Read {
  /** Reads, and settles its own promise. @throws what the database said: the transaction is lost for those after it */
  readonly perform: (tx: Tx) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/**
 * The reads of one operation, one after the other. Those that begin in the same tick share a transaction, and so does whatever
 * follows without a pause: fewer round trips, and they see the same. None may wait for another.
 */
export class Reads {
  private readonly waiting: Read[] = [];
  private reading = false;

  constructor(private readonly run: Run) {}

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ perform: async (tx) => { resolve(await work(tx)); }, fail: reject });
      if (this.reading) return;
      this.reading = true;
      process.nextTick(() => { void this.readAll(); });
    });
  }

  private async readAll(): Promise<void> {
    while (this.waiting.length > 0) await this.transaction();
    this.reading = false;
  }

  /** After one that fails, the others begin anew. Without a transaction all of them fail: trying each would keep its caller waiting for nothing. */
  private async transaction(): Promise<void> {
    let begun = false;
    let current: Read | undefined;
    try {
      await this.run(async (tx) => {
        begun = true;
        while ((current ??= this.waiting.shift())) {
          await current.perform(tx);
          current = undefined;
          if (this.waiting.length === 0) await followers();
        }
      });
    } catch (error) {
      for (const read of begun ? [current] : this.waiting.splice(0)) read?.fail(error);
    }
  }
}

/** By then whoever was answered has asked for what follows from it: loaders gather for a tick. */
const followers = (): Promise<void> => new Promise((resolve) => { process.nextTick(() => process.nextTick(resolve)); });

import type { Tx } from '../src/application/ports/unit-of-work';

type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

interface Read {
  /** Reads, and settles its own promise. @throws what the database said: the transaction is lost for those beside and after it */
  readonly perform: (tx: Tx) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/**
 * The reads of one operation. Those that begin in the same tick share a transaction and are sent together, and so is whatever
 * follows without a pause: fewer round trips, and they see the same. None may wait for another.
 */
export class Reads {
  private waiting: Read[] = [];
  /** Were beside one that failed, or were it: each begins anew, by itself. */
  private suspects: Read[] = [];
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
    while (this.waiting.length > 0) {
      await this.together();
      for (let one = this.suspects.shift(); one; one = this.suspects.shift()) await this.alone(one);
    }
    this.reading = false;
  }

  /** Without a transaction all of them fail: trying each would keep its caller waiting for nothing. */
  private async together(): Promise<void> {
    let begun = false;
    try {
      await this.run(async (tx) => {
        begun = true;
        while (this.waiting.length > 0) {
          await this.performAll(tx, this.waiting.splice(0));
          await followers();
        }
      });
    } catch (error) {
      if (!begun) for (const read of this.waiting.splice(0)) read.fail(error);
    }
  }

  private async performAll(tx: Tx, reads: readonly Read[]): Promise<void> {
    const outcomes = await Promise.allSettled(reads.map((read) => read.perform(tx)));
    this.suspects.push(...reads.filter((_, index) => outcomes[index]?.status === 'rejected'));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  private async alone(read: Read): Promise<void> {
    let begun = false;
    try {
      await this.run(async (tx) => {
        begun = true;
        await read.perform(tx);
      });
    } catch (error) {
      for (const lost of begun ? [read] : [read, ...this.suspects.splice(0)]) lost.fail(error);
    }
  }
}

/** By then whoever was answered has asked for what follows from it: loaders gather for a tick. */
const followers = (): Promise<void> => new Promise((resolve) => { process.nextTick(() => process.nextTick(resolve)); });

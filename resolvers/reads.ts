import type { Tx } from '../src/application/ports/unit-of-work';

type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

interface Read {
  /** Reads, and settles its own promise. @throws what the database said: the transaction is lost for those after it */
  readonly perform: (tx: Tx) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/** The reads of one operation. Those that begin in the same tick share a transaction: fewer round trips, and they see the same. */
export class Reads {
  private gathered: Read[] = [];

  constructor(private readonly run: Run) {}

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.gathered.length === 0) process.nextTick(() => this.perform(this.gathered.splice(0)));
      this.gathered.push({ perform: async (tx) => { resolve(await work(tx)); }, fail: reject });
    });
  }

  /** One after the other; after one that fails, the others begin anew. Without a transaction all of them fail: trying each would keep its caller waiting for nothing. */
  private async perform(reads: readonly Read[]): Promise<void> {
    let begun = false;
    let done = 0;
    try {
      await this.run(async (tx) => {
        begun = true;
        for (const read of reads.slice(done)) {
          await read.perform(tx);
          done += 1;
        }
      });
    } catch (error) {
      const failed = begun ? reads.slice(done, done + 1) : reads;
      for (const read of failed) read.fail(error);
      const left = reads.slice(done + failed.length);
      if (left.length > 0) await this.perform(left);
    }
  }
}

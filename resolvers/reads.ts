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

  /** One after the other; after one that fails, the others begin anew. */
  private async perform(reads: readonly Read[]): Promise<void> {
    let done = 0;
    try {
      await this.run(async (tx) => {
        for (const read of reads.slice(done)) {
          await read.perform(tx);
          done += 1;
        }
      });
    } catch (error) {
      reads[done]?.fail(error);
      if (done + 1 < reads.length) await this.perform(reads.slice(done + 1));
    }
  }
}

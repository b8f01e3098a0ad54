import DataLoader from 'dataloader';
import type { Tx } from '../src/application/ports/unit-of-work';
import { Reads } from './reads';

class PlayedTransaction {
  readonly read: string[] = [];
  lost = false;
}

/** A database that remembers how it was used: each transaction, what was read in it. After a failure nothing more can be read in that one. */
function played() {
  const transactions: PlayedTransaction[] = [];
  const run = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const transaction = new PlayedTransaction();
    transactions.push(transaction);
    return work(transaction as unknown as Tx);
  };
  const reading = (name: string, error?: Error) => async (tx: Tx) => {
    const transaction = tx as unknown as PlayedTransaction;
    transaction.read.push(name);
    await Promise.resolve();
    if (transaction.lost) throw new Error('the transaction is aborted');
    if (!error) return name;
    transaction.lost = true;
    throw error;
  };
  return { all: () => transactions.map(({ read }) => read), run, reads: new Reads(run), reading };
}

describe('the reads of an operation', () => {
  it('given they begin in one tick, or follow at once from the answers: one transaction; what begins later is another', async () => {
    const { all, reads, reading } = played();
    expect(await Promise.all([reads.read(reading('a')), reads.read(reading('b'))])).toEqual(['a', 'b']);
    const loader = new DataLoader((names: readonly string[]) => reads.read(async (tx) => Promise.all(names.map((name) => reading(name)(tx)))));
    expect(await Promise.all([loader.load('c'), loader.load('d')])).toEqual(['c', 'd']);
    await new Promise(setImmediate);
    expect(await reads.read(reading('e'))).toBe('e');
    expect(all()).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  it('given it follows while others are being read: in the same transaction, after them', async () => {
    const { all, reads, reading } = played();
    let goOn = (): void => undefined;
    const slow = reads.read(async (tx) => { await reading('a')(tx); await new Promise<void>((resolve) => { goOn = resolve; }); });
    await new Promise(setImmediate);
    const next = reads.read(reading('b'));
    goOn();
    await Promise.all([slow, next]);
    expect(all()).toEqual([['a', 'b']]);
  });

  it('given what follows fails: it alone', async () => {
    const { all, reads, reading } = played();
    await reads.read(reading('a'));
    const answers = await Promise.allSettled([reads.read(reading('b', new Error('no'))), reads.read(reading('c'))]);
    expect(answers).toMatchObject([{ reason: new Error('no') }, { value: 'c' }]);
    expect(all()).toEqual([['a', 'b', 'c'], ['b'], ['c']]);
  });

  it('given one fails: it alone; those before it keep their answers, those behind it are read once more, each by itself', async () => {
    const { all, reads, reading } = played();
    const answers = await Promise.allSettled([reads.read(reading('a')), reads.read(reading('b', new Error('no'))), reads.read(reading('c'))]);
    expect(answers).toMatchObject([{ value: 'a' }, { reason: new Error('no') }, { value: 'c' }]);
    expect(all()).toEqual([['a', 'b', 'c'], ['b'], ['c']]);
  });

  it('given the database does not answer: all fail, and it was asked once', async () => {
    let asked = 0;
    const reads = new Reads(() => { asked += 1; return Promise.reject(new Error('away')); });
    expect(await Promise.allSettled([reads.read(() => Promise.resolve(1)), reads.read(() => Promise.resolve(2))]))
      .toMatchObject([{ reason: new Error('away') }, { reason: new Error('away') }]);
    expect(asked).toBe(1);
  });

  it('given the database goes away meanwhile: all that were lost fail, and it was asked once more', async () => {
    const { run, reading } = played();
    let asked = 0;
    const reads = new Reads((work) => (++asked === 1 ? run(work) : Promise.reject(new Error('away'))));
    expect(await Promise.allSettled([reads.read(reading('a', new Error('terminated'))), reads.read(reading('b')), reads.read(reading('c'))]))
      .toMatchObject([{ reason: new Error('away') }, { reason: new Error('away') }, { reason: new Error('away') }]);
    expect(asked).toBe(2);
  });

  it('given the transaction is tried again: what was answered is not read twice', async () => {
    const { all, run, reading } = played();
    const reads = new Reads((work) => run(work).catch(() => run(work)));
    let tries = 0;
    const second = (tx: Tx) => reading('b', ++tries === 1 ? new Error('deadlock') : undefined)(tx);
    expect(await Promise.all([reads.read(reading('a')), reads.read(second)])).toEqual(['a', 'b']);
    expect(all()).toEqual([['a', 'b'], [], ['b']]);
  });
});

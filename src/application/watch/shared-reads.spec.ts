import { SharedReads } from './shared-reads';

/** A read that ends when it is told to; how often each key was begun, and how many at once. */
function observed() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (key: string) => () => new Promise<string>((resolve) => {
    begun.push(key);
    ends.set(key, () => { resolve(key); });
  });
  return { begun, work, end: (key: string) => ends.get(key)?.() };
}
const turn = () => new Promise((resolve) => { setImmediate(resolve); });

describe('reads in the name of watchers', () => {
  it('given many who want the same at one moment, it is read once for all', async () => {
    const { begun, work, end } = observed();
    const reads = new SharedReads<string>(3);
    const all = Promise.all(Array.from({ length: 1_000 }, () => reads.read('a', work('a'))));
    await turn();
    end('a');
    expect(await all).toEqual(Array.from({ length: 1_000 }, () => 'a'));
    expect(begun).toEqual(['a']);
  });

  it('given a read that has begun, one who comes later waits for another: the first may not see what they were told of', async () => {
    const { begun, work, end } = observed();
    const reads = new SharedReads<string>(3);
    const first = reads.read('a', work('a'));
    await turn();
    const later = reads.read('a', work('a'));
    await turn();
    expect(begun).toEqual(['a', 'a']);
    end('a');
    expect(await later).toBe('a');
    void first;
  });

  it('given more than may read at once, the others wait their turn, the oldest first', async () => {
    const { begun, work, end } = observed();
    const reads = new SharedReads<string>(2);
    for (const key of ['a', 'b', 'c', 'd']) void reads.read(key, work(key));
    await turn();
    expect(begun).toEqual(['a', 'b']);
    end('a');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('given one that fails, who waited for it is told, and the next has its turn', async () => {
    const { begun, work } = observed();
    const reads = new SharedReads<string>(1);
    const failing = reads.read('a', () => Promise.reject(new Error('no connection')));
    void reads.read('b', work('b'));
    await expect(failing).rejects.toThrow('no connection');
    await turn();
    expect(begun).toEqual(['b']);
  });
});

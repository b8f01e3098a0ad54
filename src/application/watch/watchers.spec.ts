import { LOOK_MS, Watchers } from './watchers';

describe('who watches', () => {
  beforeEach(() => { jest.useFakeTimers(); });
  afterEach(() => { jest.useRealTimers(); });

  it('given thousands that wait, what they may have missed is looked for in one go', async () => {
    const looked: number[] = [];
    const watchers = new Watchers<string>((ids) => { looked.push(ids.length); return Promise.resolve(); });
    const added = Array.from({ length: 5_000 }, (_, index) => watchers.add(String(index % 2_500)));
    await jest.advanceTimersByTimeAsync(LOOK_MS);
    await jest.advanceTimersByTimeAsync(LOOK_MS);
    expect(looked).toEqual([2_500, 2_500]);
    added.forEach((watcher, index) => { watchers.remove(String(index % 2_500), watcher); });
    await jest.advanceTimersByTimeAsync(10 * LOOK_MS);
    expect([looked.length, watchers.size, jest.getTimerCount()]).toEqual([2, 0, 0]);
  });

  it('given a look that fails, the next comes in time', async () => {
    let looks = 0;
    const watchers = new Watchers<string>(() => { looks += 1; return Promise.reject(new Error('no connection')); });
    watchers.add('a');
    await jest.advanceTimersByTimeAsync(3 * LOOK_MS);
    expect(looks).toBe(3);
  });

  it('given notices while it is busy, a watcher goes on once; that it was told outweighs that it may have missed something', async () => {
    const watcher = new Watchers<string>(() => Promise.resolve()).add('a');
    watcher.tell('TOLD');
    watcher.tell('MISSED');
    expect(await watcher.next()).toBe('TOLD');
    const next = watcher.next();
    watcher.close();
    expect(await next).toBeNull();
  });
});

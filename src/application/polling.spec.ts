import { setTimeout as pause } from 'node:timers/promises';
import { Polling } from './polling';

const LOGGER = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
const A_DAY = 86_400_000;

describe('polling', () => {
  it('given there may be more: looks again at once, one look at a time; given there is not: when its time comes', async () => {
    let [looks, atOnce, most] = [0, 0, 0];
    const polling = new Polling({
      look: async () => {
        most = Math.max(most, ++atOnce);
        await pause(1);
        atOnce -= 1;
        return ++looks < 5;
      },
      pollMs: A_DAY, logger: LOGGER, what: 'work',
    });
    polling.start();
    while (looks < 5) await pause(1);
    await polling.stop();
    expect([looks, most]).toEqual([5, 1]);
  });

  it('given a look fails: that is told, and it looks again', async () => {
    let looks = 0;
    const polling = new Polling({ look: () => (++looks === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(looks < 3)), pollMs: 1, logger: LOGGER, what: 'work' });
    polling.start();
    while (looks < 3) await pause(1);
    await polling.stop();
    expect(LOGGER.warn).toHaveBeenCalledWith(expect.objectContaining({ err: new Error('gone') }), expect.stringContaining('looking for work'));
  });

  it('given it is stopped in the middle of a look: that is awaited, and there is none after it', async () => {
    const states: string[] = [];
    let reached: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => { reached = resolve; });
    const polling = new Polling({ look: async () => { states.push('begun'); reached(); await pause(5); states.push('ended'); return true; }, pollMs: 0, logger: LOGGER, what: 'work' });
    polling.start();
    await inside;
    await polling.stop();
    expect(states).toEqual(['begun', 'ended']);
  });
});

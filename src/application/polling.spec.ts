import { waitFor } from '../../test/support/wait';
import { Polling } from './polling';

const LOGGER = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
const A_DAY = 86_400_000;
const within = { withinMs: 5_000, what: 'the looks' };

describe('polling', () => {
  it('given there may be more: looks again at once, one look at a time; given there is not: when its time comes', async () => {
    let [looks, atOnce, most] = [0, 0, 0];
    const polling = new Polling({
      look: async () => {
        most = Math.max(most, ++atOnce);
        await new Promise(setImmediate);
        atOnce -= 1;
        return ++looks < 5;
      },
      pollMs: A_DAY, logger: LOGGER, what: 'work',
    });
    polling.start();
    await waitFor(() => looks === 5, within);
    await polling.stop();
    expect([looks, most]).toEqual([5, 1]);
  });

  it('given a look fails: that is told, and it looks again', async () => {
    let looks = 0;
    const polling = new Polling({ look: () => (++looks === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(looks < 3)), pollMs: 1, logger: LOGGER, what: 'work' });
    polling.start();
    await waitFor(() => looks >= 3, within);
    await polling.stop();
    expect(LOGGER.warn).toHaveBeenCalledWith(expect.objectContaining({ err: new Error('gone') }), expect.stringContaining('looking for work'));
  });

  it('given it is stopped in the middle of a look: that is awaited, and there is none after it', async () => {
    const states: string[] = [];
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => { end = resolve; });
    const polling = new Polling({ look: async () => { states.push('begun'); await ended; states.push('ended'); return true; }, pollMs: 0, logger: LOGGER, what: 'work' });
    polling.start();
    await waitFor(() => states.length === 1, within);
    const stopped = polling.stop().then(() => states.push('stopped'));
    end();
    await stopped;
    expect(states).toEqual(['begun', 'ended', 'stopped']);
  });
});

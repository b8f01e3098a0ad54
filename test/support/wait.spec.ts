import { waitFor } from './wait';

describe('waitFor', () => {
  test('given a probe that sees something at last, it returns that', async () => {
    const looks = [undefined, null, 0, 'seen'];
    await expect(waitFor(() => looks.shift(), { withinMs: 5_000, everyMs: 1, what: 'a sight' })).resolves.toBe('seen');
  });

  test('given a probe that throws at first, it looks again', async () => {
    let looks = 0;
    const probe = () => {
      looks += 1;
      if (looks < 3) throw new Error('not there yet');
      return looks;
    };
    await expect(waitFor(probe, { withinMs: 5_000, everyMs: 1, what: 'the third look' })).resolves.toBe(3);
  });

  test('given nothing within the bound, it says what was awaited and what was seen last', async () => {
    const status = waitFor(() => false, { withinMs: 1, everyMs: 1, what: 'the order is FULFILLED' });
    await expect(status).rejects.toThrow('the order is FULFILLED: not within 1 ms; last seen: false');
  });
});

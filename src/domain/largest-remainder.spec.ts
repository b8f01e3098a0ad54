import * as fc from 'fast-check';
import { spread } from './largest-remainder';

const total = (parts: readonly bigint[]) => parts.reduce((sum, part) => sum + part, 0n);

describe('spreading an amount by largest remainder', () => {
  it.each([
    [500n, [1000n, 2001n], [167n, 333n]],
    [2n, [1n, 1n, 1n], [1n, 1n, 0n]],
    [0n, [5n, 5n], [0n, 0n]],
    [7n, [0n, 7n, 0n], [0n, 7n, 0n]],
    [0n, [0n, 0n], [0n, 0n]],
  ])('given %s over %j: %j', (amount, weights, parts) => {
    expect(spread(amount, weights)).toEqual(parts);
  });

  it('adds up exactly, never passes a weight, and stays within one unit of the exact share', () => {
    const weights = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 50 });
    fc.assert(fc.property(weights, fc.bigInt(0n, 10_000n), (lines, share) => {
      const sum = total(lines);
      const amount = (sum * share) / 10_000n;
      const parts = spread(amount, lines);
      expect(total(parts)).toBe(amount);
      for (const [index, part] of parts.entries()) {
        const weight = lines[index] ?? 0n;
        expect(part >= 0n && part <= weight).toBe(true);
        if (sum > 0n) expect(part === (amount * weight) / sum || part === (amount * weight) / sum + 1n).toBe(true);
      }
    }));
  });

  it('refuses to spread something over nothing', () => {
    expect(() => spread(1n, [0n])).toThrow(RangeError);
  });
});

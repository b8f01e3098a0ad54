import fc from 'fast-check';
import { money } from '../money';
import type { CurrencyCode } from '../money';
import { convert, parseRate, residueOf } from './exchange';

const of = (minor: bigint | number, currency: string) => money(BigInt(minor), currency as CurrencyCode);
const rate = (text: string) => parseRate(text) ?? { digits: 0n, scale: 0 };

describe('given an amount and a rate', () => {
  it.each([
    [4_675, 'USD', '0.92378752', 'EUR', 4_319],
    [1_999, 'JPY', '0.0061', 'EUR', 1_219],
    [1_219, 'EUR', '163.41', 'JPY', 1_992],
    [1, 'KWD', '3.01', 'EUR', 0],
    [10_000, 'KWD', '3.0079', 'EUR', 3_008],
    [1, 'EUR', '0.5', 'USD', 1],
    [-1, 'EUR', '0.5', 'USD', -1],
    [-4_675, 'USD', '0.92378752', 'EUR', -4_319],
  ])('%d minor units of %s at %s are %s %d', (minor, from, text, to, expected) => {
    expect(convert(of(minor, from), rate(text), to as CurrencyCode)).toEqual(of(expected, to));
  });

  it('what rounding leaves over is told in the currency that it was left over of', () => {
    expect(residueOf(of(1_999, 'JPY'), rate('0.0061'), of(1_219, 'EUR'))).toEqual(of(1, 'JPY'));
    expect(residueOf(of(3, 'JPY'), rate('0.0001'), of(0, 'EUR'))).toEqual(of(3, 'JPY'));
    expect(residueOf(of(4_675, 'USD'), rate('0.92378752'), of(4_319, 'EUR'))).toEqual(of(0, 'USD'));
  });

  it('the residue is worth less than one minor unit of the other currency', () => {
    fc.assert(fc.property(fc.bigInt(-1_000_000_000_000n, 1_000_000_000_000n), fc.bigInt(1n, 10_000_000_000n), fc.constantFrom('EUR', 'JPY', 'KWD'), fc.constantFrom('EUR', 'JPY', 'KWD'), (minor, digits, from, to) => {
      const at = { digits, scale: 6 };
      const converted = convert(of(minor, from), at, to as CurrencyCode);
      const residue = residueOf(of(minor, from), at, converted).amountMinor;
      const worth = convert(of(residue, from), at, to as CurrencyCode).amountMinor;
      expect(worth <= 1n && worth >= -1n).toBe(true);
    }));
  });
});

it.each(['0', '0.000', '-1', '1e3', '', '1.', '.5', '1,5', 'NaN'])('“%s” is no rate', (text) => {
  expect(parseRate(text)).toBeNull();
});

import * as fc from 'fast-check';
import { add, equal, exponentOf, fromDecimal, money, parseCurrency, sum, times, toDecimal, zero } from './money';
import type { CurrencyCode } from './money';

const [EUR, JPY, KWD] = ['EUR', 'JPY', 'KWD'] as CurrencyCode[] as [CurrencyCode, CurrencyCode, CurrencyCode];
const currency = fc.constantFrom(EUR, JPY, KWD);
const amount = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });

describe('a decimal amount', () => {
  it.each([[EUR, 2, 4900n, '49.00'], [JPY, 0, 1999n, '1999'], [KWD, 3, 1n, '0.001'], [EUR, 2, -5n, '-0.05'], [EUR, 2, 0n, '0.00']] as const)('%s has %i digits: %s is %s', (code, digits, minor, text) => {
    expect(exponentOf(code)).toBe(digits);
    expect(toDecimal(money(minor, code))).toBe(text);
    expect(fromDecimal(text, code)).toEqual(money(minor, code));
  });

  it('written and read again is the same, to the minor unit', () => {
    fc.assert(fc.property(amount, currency, (minor, code) => {
      expect(fromDecimal(toDecimal(money(minor, code)), code)).toEqual(money(minor, code));
    }));
  });

  it('may have fewer digits than the currency, never more', () => {
    expect(fromDecimal('49', EUR)).toEqual(money(4900n, EUR));
    expect(fromDecimal('49.5', EUR)).toEqual(money(4950n, EUR));
    expect(fromDecimal('49.505', EUR)).toBeNull();
    expect(fromDecimal('1.0', JPY)).toBeNull();
  });

  it.each(['', ' ', '1e3', '1,00', '.5', '5.', '+1', '0x10', 'NaN', '1'.repeat(16), '1 ', '٣'])('is not %j', (text) => {
    expect(fromDecimal(text, EUR)).toBeNull();
  });
});

describe('sums', () => {
  it('of amounts in one currency are exact, in any order', () => {
    fc.assert(fc.property(fc.array(amount), currency, (minors, code) => {
      const amounts = minors.map((minor) => money(minor, code));
      expect(sum(amounts, code)).toEqual(money(minors.reduce((left, right) => left + right, 0n), code));
      expect(equal(sum(amounts, code), sum([...amounts].reverse(), code))).toBe(true);
    }));
  });

  it('of nothing are zero', () => {
    expect(sum([], EUR)).toEqual(zero(EUR));
  });

  it('never mix currencies', () => {
    expect(() => add(money(1n, EUR), money(1n, JPY))).toThrow(RangeError);
    expect(equal(money(1n, EUR), money(1n, JPY))).toBe(false);
  });

  it('are the same as multiplication', () => {
    fc.assert(fc.property(amount, currency, fc.nat(50), (minor, code, quantity) => {
      expect(times(money(minor, code), quantity)).toEqual(sum(Array.from({ length: quantity }, () => money(minor, code)), code));
    }));
  });
});

it('knows currencies by their code alone', () => {
  expect(parseCurrency('EUR')).toBe('EUR');
  for (const code of ['eur', 'EURO', 'XYZ', '', 'E']) expect(parseCurrency(code)).toBeNull();
});

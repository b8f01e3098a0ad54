import fc from 'fast-check';
import { hasCardNumber, withoutCardNumbers } from './card-number';

/** The issuers' own published test numbers. */
const CARDS = ['4111111111111111', '4222222222222', '5555555555554444', '2223003122003222', '378282246310005', '6011111111111117', '3530111333300000', '30569309025904', '6200000000000005', '4111111111111111110'];

describe('what looks like a card number', () => {
  it.each(CARDS)('%s: together, in groups, within a sentence, in wide digits', (card) => {
    const wide = [...card].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    for (const text of [card, card.replace(/(.{4})/g, '$1 ').trim(), card.replace(/(.{4})(?=.)/g, '$1-'), `Card ${card}, exp 12/29`, `n=${card}`, `12 ${card}`, [...card].join(' '), wide]) {
      expect([text, hasCardNumber(text)]).toEqual([text, true]);
      expect([text, hasCardNumber(withoutCardNumbers(text))]).toEqual([text, false]);
    }
  });

  it('is masked where it stands, and nothing else is', () => {
    expect(withoutCardNumbers('pay 4111 1111 1111 1111 or 5555-5555-5555-4444 by 2026-03-01')).toBe('pay [card number] or [card number] by 2026-03-01');
  });

  it.each([
    ['a wrong check digit', '4111111111111112'], ['another issuer’s prefix', '1111111111111117'], ['too short', '411111111111'], ['too long', '41111111111111111111'],
    ['an instant in milliseconds', '1764000000000'], ['an amount', '4111111111111111.00'], ['a decimal part', '0.4111111111111111'], ['a UUID', '4111-1111 41111111-1111-4111-8111-111111111111'],
    ['an ISBN', '978-3-16-148410-0'], ['a bank account', 'DE12 5101 0517 0648 4898 90'], ['a hash', 'a4111111111111111f'], ['an order number', 'GE-7K3M-9QXA'],
    ['a name that goes on', 'course_4111111111111111_b'], ['dates', '2026-03-01 2026-03-02 2026-03-03'], ['nothing', ''],
  ])('is not %s: %s', (_what, text) => {
    expect([hasCardNumber(text), withoutCardNumbers(text)]).toEqual([false, text]);
  });

  it('is never in a UUID, whatever its digits', () => {
    fc.assert(fc.property(fc.uuid(), (id) => !hasCardNumber(id)), { numRuns: 2_000 });
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}$/), (id) => !hasCardNumber(id)), { numRuns: 5_000 });
  });

  it('is gone from any text after masking', () => {
    const part = fc.oneof(fc.constantFrom(...CARDS), fc.stringMatching(/^[0-9 -]{0,12}$/), fc.string({ maxLength: 5, unit: 'grapheme' }));
    fc.assert(fc.property(fc.array(part, { maxLength: 6 }), (parts) => !hasCardNumber(withoutCardNumbers(parts.join(' ')))), { numRuns: 2_000 });
  });
});

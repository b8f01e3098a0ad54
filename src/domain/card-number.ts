/*
 * What looks like a payment card's number (ISO/IEC 7812): 13 to 19 digits, together or in groups, with an issuer's
 * prefix and a right check digit. No card data is ever held here, so such a text is refused, and masked in logs.
 */
interface Issuer {
  readonly prefix: RegExp;
  readonly lengths: readonly number[];
}

const ISSUERS: readonly Issuer[] = [
  { prefix: /^4/, lengths: [13, 16, 19] }, // Visa
  { prefix: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^(36|38|39|30[0-5])/, lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { prefix: /^(6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] }, // Discover
  { prefix: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { prefix: /^62/, lengths: [16, 17, 18, 19] }, // UnionPay
  { prefix: /^(50(18|20|38)|5[678]|6304|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
];
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/** Ids and bank accounts: their digits mean something else. */
const NO_CARDS = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/gi;
const MASK = '[card number]';

interface Group {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
  /** Directly after the group before it, with one blank or dash between. */
  readonly follows: boolean;
  /** A letter or a decimal point beside it: part of another word or of an amount. */
  readonly bound: { readonly before: boolean; readonly after: boolean };
}

export function hasCardNumber(text: string): boolean {
  return cardNumbersIn(text).length > 0;
}

/** The same text with a mask in place of each such number. */
export function withoutCardNumbers(text: string): string {
  const found = cardNumbersIn(text);
  if (found.length === 0) return text;
  const plain = text.normalize('NFKC');
  let masked = '';
  let from = 0;
  for (const { start, end } of found) {
    masked += plain.slice(from, start) + MASK;
    from = end;
  }
  return masked + plain.slice(from);
}

/** Their places in the text's NFKC form, from left to right. */
function cardNumbersIn(text: string): { readonly start: number; readonly end: number }[] {
  if (text.length < MIN_DIGITS) return [];
  const groups = groupsIn(text.normalize('NFKC').replace(NO_CARDS, (other) => 'x'.repeat(other.length)));
  const found: { start: number; end: number }[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const last = cardFrom(groups, first);
    if (last === null) continue;
    found.push({ start: groups[first]?.start ?? 0, end: groups[last]?.end ?? 0 });
    first = last;
  }
  return found;
}

function groupsIn(text: string): Group[] {
  let end = 0;
  return [...text.matchAll(/\d+/g)].map(({ 0: digits, index: start }) => {
    const follows = start > 0 && start === end + 1 && /[\s\-\u2010-\u2015]/.test(text.charAt(start - 1));
    end = start + digits.length;
    const bound = { before: /[\p{L}_]$|\d[.,]$/u.test(text.slice(Math.max(0, start - 2), start)), after: /^(?:[\p{L}_]|[.,]\d)/u.test(text.slice(end, end + 2)) };
    return { digits, start, end, follows, bound };
  });
}

/** The last of the groups that, with this one as the first, are a card's number. */
function cardFrom(groups: readonly Group[], first: number): number | null {
  if (groups[first]?.bound.before !== false) return null;
  let digits = '';
  for (let last = first; last < groups.length; last += 1) {
    const group = groups[last];
    if (!group || (last > first && !group.follows)) return null;
    digits += group.digits;
    if (digits.length > MAX_DIGITS) return null;
    if (digits.length >= MIN_DIGITS && !group.bound.after && isCardNumber(digits)) return last;
  }
  return null;
}

function isCardNumber(digits: string): boolean {
  return ISSUERS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && luhn(digits);
}

/** The check digit of ISO/IEC 7812: every second digit from the right counts double, its digits added. */
function luhn(digits: string): boolean {
  const sum = [...digits].reduceRight((total, digit, index) => {
    const doubled = Number(digit) * ((digits.length - index) % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { isSlug, MAX_CHOSEN, MAX_CURRENCIES, readChoice, readStorefront } from './new-storefront';
import type { StorefrontDraft } from './new-storefront';

const aDraft = (details: Partial<StorefrontDraft> = {}): StorefrontDraft => ({
  slug: 'rope-works', name: 'Rope works', logo: null, accentColor: null, currencies: ['EUR', 'USD'], defaultCurrency: 'EUR', curated: false, ...details,
});
const wrongIn = (details: Partial<StorefrontDraft>) => {
  const read = readStorefront(aDraft(details));
  return read.ok ? [] : read.problems.map(({ path }) => path.join('.'));
};
const LOGO = { url: 'https://img.example/logo.svg', alt: 'A knot', width: 40, height: 40 };
/** Of those that there are, as many as asked for. */
const CODES = ['EUR', 'USD', 'GBP', 'JPY', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'HUF', 'CAD', 'AUD', 'NZD', 'INR', 'BRL', 'MXN', 'ZAR', 'KRW', 'SGD', 'HKD'];

describe('a storefront', () => {
  it('is kept as it was written, its name without blanks around it and its colour in lower case', () => {
    const draft = aDraft({ name: '  Rope works ', logo: LOGO, accentColor: '#00AAff', curated: true });
    expect(readStorefront(draft)).toEqual({ ok: true, facts: { ...draft, name: 'Rope works', accentColor: '#00aaff' } });
  });

  it.each(['abc', 'a-b', '123', `${'x'.repeat(63)}`])('may have the slug %s', (slug) => {
    expect(wrongIn({ slug })).toEqual([]);
  });

  it.each<[string, Partial<StorefrontDraft>]>([
    ['slug', { slug: '' }], ['slug', { slug: 'ab' }], ['slug', { slug: 'x'.repeat(64) }], ['slug', { slug: '-abc' }], ['slug', { slug: 'abc-' }], ['slug', { slug: 'Abc' }], ['slug', { slug: 'a b' }],
    ['slug', { slug: 'abc\n' }], ['slug', { slug: 'a\u0000c' }],
    ['name', { name: '  ' }], ['name', { name: 'x'.repeat(121) }], ['name', { name: 'two\nlines' }],
    ['logo.url', { logo: { ...LOGO, url: 'ftp://x' } }], ['logo.width', { logo: { ...LOGO, width: 0 } }], ['logo.alt', { logo: { ...LOGO, alt: 'x'.repeat(301) } }],
    ['accentColor', { accentColor: '' }], ['accentColor', { accentColor: 'red' }], ['accentColor', { accentColor: '#12345' }], ['accentColor', { accentColor: '#1234567' }], ['accentColor', { accentColor: '#12345g' }],
    ['currencies.1', { currencies: ['EUR', 'EUR'] }], ['currencies.1', { currencies: ['EUR', 'XYZ'] }], ['currencies', { currencies: CODES }],
    ['defaultCurrency', { defaultCurrency: 'GBP' }], ['defaultCurrency', { defaultCurrency: 'euro' }],
  ])('is refused at %s for %j', (path, details) => {
    expect(wrongIn(details)).toEqual([path]);
  });

  it('is refused for everything at once', () => {
    expect(wrongIn({ slug: '', name: '', accentColor: 'x', currencies: [] })).toEqual(['slug', 'name', 'accentColor', 'currencies', 'defaultCurrency']);
    expect(wrongIn({ currencies: CODES.slice(0, MAX_CURRENCIES) })).toEqual([]);
  });

  it('has a slug that an address can hold as it is, whatever was written', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9-]{1,66}$/)), (text) => {
      const fits = text.length >= 3 && text.length <= 63 && [...text].every((c) => 'abcdefghijklmnopqrstuvwxyz0123456789-'.includes(c)) && !text.startsWith('-') && !text.endsWith('-');
      expect(isSlug(text)).toBe(fits);
    }));
  });
});

describe('a choice of listings', () => {
  it('keeps its order, and reads each id in its one form', () => {
    const [a, b] = [v7(), v7()];
    expect(readChoice([b.toUpperCase(), a])).toEqual({ ids: [b, a], problems: [] });
  });
  it('names no listing twice, however it is written', () => {
    const id = v7();
    expect(readChoice([v7(), id, id.toUpperCase()]).problems).toMatchObject([{ code: 'INVALID_INPUT', path: ['2'], params: { listingId: id } }]);
  });
  it('has null for what is no id', () => {
    expect(readChoice(['x', 'x'])).toEqual({ ids: [null, null], problems: [] });
  });
  it('has a bound', () => {
    const ids = Array.from({ length: MAX_CHOSEN + 1 }, () => v7());
    expect(readChoice(ids).problems).toMatchObject([{ path: [], params: { max: '500' } }]);
    expect(readChoice(ids.slice(1)).problems).toEqual([]);
  });
});

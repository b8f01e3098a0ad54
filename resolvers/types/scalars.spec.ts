import { GraphQLError, parseValue } from 'graphql';
import type { GraphQLScalarType } from 'graphql';
import { CurrencyCodeScalar, DateScalar, DateTimeScalar, DecimalScalar, UrlScalar } from './scalars';

const literal = (scalar: GraphQLScalarType<unknown>, text: string): unknown => scalar.parseLiteral(parseValue(text));

describe('DateTime', () => {
  it.each([
    ['2026-03-01T12:30:00Z', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01T12:30:00.123456Z', '2026-03-01T12:30:00.123Z'],
    ['2026-03-01T12:30:00+02:00', '2026-03-01T10:30:00.000Z'],
    ['2024-02-29t00:00:00z', '2024-02-29T00:00:00.000Z'],
  ])('reads %s and answers %s', (text, answer) => {
    expect(DateTimeScalar.serialize(DateTimeScalar.parseValue(text))).toBe(answer);
  });

  it.each(['2026-03-01', '2026-03-01T12:30:00', '2026-02-30T00:00:00Z', '2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-03-01T25:00:00Z', 'tomorrow', '', 1, null])('refuses %p', (value) => {
    expect(() => DateTimeScalar.parseValue(value)).toThrow(GraphQLError);
  });
});

describe('Date', () => {
  it.each(['2026-03-01', '2024-02-29', '9999-12-31'])('reads %s as it is written', (text) => {
    expect(DateScalar.serialize(DateScalar.parseValue(text))).toBe(text);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-3-1', '2026-03-01T00:00:00Z', '0000-01-01', 'today', '', 1, null])('refuses %p', (value) => {
    expect(() => DateScalar.parseValue(value)).toThrow(GraphQLError);
  });
});

describe('Decimal', () => {
  it.each(['0', '49.00', '-0.5', '999999999999999.999'])('reads %s exactly as it is written', (text) => {
    expect(DecimalScalar.parseValue(text)).toBe(text);
    expect(literal(DecimalScalar, `"${text}"`)).toBe(text);
  });

  it.each(['1e3', '1E-2', '.5', '5.', '+1', '1,000', ' 1', 'NaN', '0x10', '٤٩', 49, 49.5])('refuses %p', (value) => {
    expect(() => DecimalScalar.parseValue(value)).toThrow('A Decimal must be a decimal number as text');
  });

  it('refuses a number that is not text, also as a literal', () => {
    expect(() => literal(DecimalScalar, '49.00')).toThrow(GraphQLError);
  });
});

describe('CurrencyCode', () => {
  it('reads three capital letters', () => {
    expect(CurrencyCodeScalar.parseValue('EUR')).toBe('EUR');
  });

  it.each(['eur', 'EURO', '€', '', 978])('refuses %p', (value) => {
    expect(() => CurrencyCodeScalar.parseValue(value)).toThrow('A CurrencyCode must be an ISO 4217 code');
  });
});

describe('URL', () => {
  it('keeps an address as it is written', () => {
    expect(UrlScalar.parseValue('https://example.org')).toBe('https://example.org');
  });

  it.each(['example.org', '/cover.png', '', 1])('refuses %p', (value) => {
    expect(() => UrlScalar.parseValue(value)).toThrow('A URL must be a complete web address');
  });
});

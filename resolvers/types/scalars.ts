import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';

interface TextScalar<Internal> {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** The internal value, or null when the text is not one. */
  readonly parse: (text: string) => Internal | null;
  readonly serialize: (value: unknown) => string;
  /** Ends the sentence "… must be". */
  readonly expected: string;
}

/** A scalar that is text on the wire; anything else, and any text that does not parse, is refused as BAD_USER_INPUT. */
function textScalar<Internal>({ name, description, specifiedByURL, parse, serialize, expected }: TextScalar<Internal>): GraphQLScalarType<Internal, string> {
  const refuse = (node?: ValueNode): never => {
    throw new GraphQLError(`A ${name} must be ${expected}.`, { extensions: { code: 'BAD_USER_INPUT' }, ...(node && { nodes: node }) });
  };
  const read = (value: unknown, node?: ValueNode): Internal => (typeof value === 'string' ? parse(value) : null) ?? refuse(node);
  return new GraphQLScalarType<Internal, string>({
    name, description, ...(specifiedByURL && { specifiedByURL }),
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node) => (node.kind === Kind.STRING ? read(node.value, node) : refuse(node)),
  });
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

function parseDateTime(text: string): Date | null {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  const instant = new Date(text.toUpperCase());
  // Date takes 30 February for the 2nd of March: a day that the month does not have is refused.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(instant.getTime()) || !day || Number(day) > daysInMonth ? null : instant;
}

function parseDate(text: string): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(text) && text > '0001' && parseDateTime(`${text}T00:00:00Z`) !== null ? text : null;
}

export const DateScalar = textScalar<string>({
  name: 'Date',
  description: 'A day of the calendar (UTC), for example "2026-03-01".',
  parse: parseDate,
  serialize: String,
  expected: 'a day of the calendar, such as "2026-03-01"',
});

export const DateTimeScalar = textScalar<Date>({
  name: 'DateTime',
  description: 'An instant by RFC 3339. Answers are in UTC with milliseconds, for example "2026-03-01T12:30:00.000Z"; any offset is understood.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  parse: parseDateTime,
  serialize: (value) => (value as Date).toISOString(),
  expected: 'an RFC 3339 date and time with its offset, such as "2026-03-01T12:30:00.000Z"',
});

export const CurrencyCodeScalar = textScalar<string>({
  name: 'CurrencyCode',
  description: 'A currency by its ISO 4217 code: three capital letters, for example "EUR".',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  parse: (text) => (/^[A-Z]{3}$/.test(text) ? text : null),
  serialize: String,
  expected: 'an ISO 4217 code of three capital letters, such as "EUR"',
});

export const DecimalScalar = textScalar<string>({
  name: 'Decimal',
  description:
    'An exact decimal number, as text: "49.00". Answers are padded to the digits of their currency (two for EUR, none for JPY, three for KWD); more digits than the currency has are refused, as is an exponent.',
  parse: (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? text : null),
  serialize: String,
  expected: 'a decimal number as text, without an exponent, such as "49.00"',
});

export const UrlScalar = textScalar<string>({
  name: 'URL',
  description: 'A complete web address, for example "https://example.org/cover.png".',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  parse: (text) => (URL.canParse(text) ? text : null),
  serialize: String,
  expected: 'a complete web address',
});

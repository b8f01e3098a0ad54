import { eventExamples, exampleEnvelope } from '../../../test/support/event-examples';
import { consumedEventTypes, publishedEventTypes } from '../../application/events/event-data.generated';
import type { EventEnvelope } from '../../application/events/event-envelope';
import { sealEvent } from '../../application/events/event-envelope';
import { InvalidEvent } from '../../application/events/invalid-event';
import { createEventCodec } from './envelope';
import { readEventSchemas } from './envelope-schemas';
import { bytesOfRaw } from './envelope-text';

type Json = Record<string, unknown>;

const schemas = readEventSchemas();
const codec = createEventCodec(schemas);
const everyType = [...publishedEventTypes, ...consumedEventTypes];

const bytesOf = (message: unknown): Uint8Array => Buffer.from(JSON.stringify(message));
const copyOf = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const without = (value: unknown, key: string): Json =>
  Object.fromEntries(Object.entries(value as Json).filter(([name]) => name !== key));

/** What the codec says of a message: `ok`, or the error. */
function verdict(message: unknown): string {
  const decoded = codec.decode(bytesOf(message));
  return decoded.ok ? 'ok' : decoded.error;
}
const verdictOnData = (type: (typeof everyType)[number], data: unknown): string =>
  verdict({ ...exampleEnvelope(type), data });

/** The required fields of a payload, references followed. */
function requiredFields(type: string): string[] {
  const resolve = (schema: Json): Json => {
    if (typeof schema['$ref'] !== 'string') return schema;
    const name = schema['$ref'].replace('urn:ghasi:events:common#/$defs/', '');
    return resolve((schemas.common['$defs'] as Record<string, Json>)[name] ?? {});
  };
  return (resolve(schemas.data.get(type) ?? {})['required'] ?? []) as string[];
}

/** Every place in a payload that holds minor units, as a function that puts something else there. */
function moneyPlaces(data: Json): ((amountMinor: unknown) => void)[] {
  return Object.entries(data).flatMap(([key, value]) => {
    if (key === 'amountMinor') return [(amount: unknown) => void (data[key] = amount)];
    return typeof value === 'object' && value !== null ? moneyPlaces(value as Json) : [];
  });
}

describe('the schemas', () => {
  it('are one for each type, and each type has an example', () => {
    expect([...schemas.data.keys()].sort()).toEqual([...everyType].sort());
    expect(Object.keys(eventExamples).sort()).toEqual([...everyType].sort());
  });
});

describe.each(everyType)('%s', (type) => {
  it('keeps its schema as the example has it, there and back', () => {
    const envelope = exampleEnvelope(type);
    expect(codec.decode(codec.encode(envelope))).toEqual({ ok: true, envelope });
  });

  it('is refused without any one of its required fields', () => {
    const fields = requiredFields(type);
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) {
      expect(verdictOnData(type, without(eventExamples[type], field))).toBe(
        `${type}: /data must have required property '${field}'`,
      );
    }
  });

  it('is refused with null where a field should be absent', () => {
    for (const field of Object.keys(eventExamples[type])) {
      expect(verdictOnData(type, { ...eventExamples[type], [field]: null })).toContain(`/data/${field} must be`);
    }
  });
});

describe.each(everyType.filter((type) => moneyPlaces(copyOf(eventExamples[type])).length > 0))('money in %s', (type) => {
  it.each([[4900], ['49.00'], ['4,900'], [''], ['007'], ['+1'], ['1e3'], [' 1'], ['9'.repeat(19)]])('is never %p', (wrong) => {
    const data = copyOf(eventExamples[type]);
    for (const put of moneyPlaces(data)) {
      put(wrong);
      expect(verdictOnData(type, data)).toMatch(/amountMinor must/);
      put('4900');
    }
    expect(verdictOnData(type, data)).toBe('ok');
  });
});

describe.each(publishedEventTypes)('%s, ours', (type) => {
  it('can be appended', () => {
    expect(() => codec.validateData(type, eventExamples[type])).not.toThrow();
  });

  it('says nothing that the contract does not name', () => {
    const data = { ...eventExamples[type], buyerEmail: 'x' };
    expect(() => codec.validateData(type, data)).toThrow(
      new InvalidEvent(type, ['/ must NOT have additional properties: buyerEmail']),
    );
  });
});

describe.each(consumedEventTypes)('%s, of another service', (type) => {
  it('may say more than we read', () => {
    const data = { ...eventExamples[type], addedLater: { nested: [1] } };
    expect(verdictOnData(type, data)).toBe('ok');
  });
});

describe('a list in an event', () => {
  const type = 'marketplace.enrollment.requested.v1';
  const requestFor = (count: number): Json => {
    const [assignment] = eventExamples[type].assignments;
    return { ...eventExamples[type], assignments: Array(count).fill(assignment) };
  };

  it('holds at most 1,000 entries', () => {
    expect(verdictOnData(type, requestFor(1000))).toBe('ok');
    expect(verdictOnData(type, requestFor(1001))).toContain('must NOT have more than 1000 items');
  });
});

describe('money from billing', () => {
  it('is never negative', () => {
    const data = { ...eventExamples['billing.payment.refunded.v1'], netAmount: { amountMinor: '-1', currency: 'EUR' } };
    expect(verdictOnData('billing.payment.refunded.v1', data)).toContain('/data/netAmount/amountMinor must match pattern');
  });
});

describe('the envelope of our own event', () => {
  const envelope = exampleEnvelope('marketplace.order.cancelled.v1');

  it('is made from what the use case said and the outbox stamped', () => {
    const { type, subject, data } = envelope;
    const sealed = sealEvent(
      { type, subject, tenantId: envelope.tenantid, data },
      { id: envelope.id, time: new Date(envelope.time), correlationId: subject, aggregateVersion: 1 },
    );
    expect(sealed).toEqual({ ...envelope, causationid: subject });
    expect(codec.decode(codec.encode(sealed))).toEqual({ ok: true, envelope: sealed });
  });

  it.each(Object.keys(envelope))('is neither sent nor read without %s', (attribute) => {
    const broken = without(envelope, attribute);
    expect(() => codec.encode(broken as unknown as EventEnvelope)).toThrow(InvalidEvent);
    expect(verdict(broken)).not.toBe('ok');
  });

  it.each([
    ['an id that is no UUIDv7', { id: '3f0c1f4e-1111-4222-8333-444455556666' }],
    ['a time without milliseconds', { time: '2026-01-31T09:30:00Z' }],
    ['a time with an offset', { time: '2026-01-31T09:30:00.000+01:00' }],
    ['the schema of another type', { dataschema: 'urn:ghasi:events:marketplace.order.placed.v1' }],
    ['an aggregate version of nought', { aggregateversion: '0' }],
    ['a type of another service', { type: 'billing.payment.succeeded.v1' }],
    ['a malformed trace context', { traceparent: 'none' }],
  ])('is not sent with %s', (_what, attributes) => {
    expect(() => codec.encode({ ...envelope, ...attributes } as EventEnvelope)).toThrow(InvalidEvent);
  });
});

describe('an envelope of another service', () => {
  const envelope = exampleEnvelope('enrollment.created.v1');

  it('may leave out what we can do without, and carry extensions', () => {
    const { specversion, id, type, source, subject, tenantid, data } = envelope;
    const bare = { specversion, id, type, source, subject, tenantid, data, time: '2026-01-31T09:30:00+01:00', partitionkey: 'a' };
    expect(verdict(bare)).toBe('ok');
  });

  it.each(['specversion', 'id', 'type', 'source', 'subject', 'time', 'tenantid', 'data'])('is refused without %s', (attribute) => {
    expect(verdict(without(envelope, attribute))).toBe(`/ must have required property '${attribute}'`);
  });

  it.each([
    ['another version of CloudEvents', { specversion: '0.3' }],
    ['an id that is no UUID', { id: '42' }],
    ['an id that is a UUID in capitals', { id: envelope.id.toUpperCase() }],
    ['a day that does not exist', { time: '2026-02-30T00:00:00Z' }],
    ['data that is not JSON', { datacontenttype: 'text/xml' }],
    ['a type that nobody knows', { type: 'billing.payment.teleported.v1' }],
  ])('is refused with %s', (_what, attributes) => {
    expect(verdict({ ...envelope, ...attributes })).not.toBe('ok');
  });
});

describe('a message that cannot be read', () => {
  const deep = '['.repeat(100) + ']'.repeat(100);
  const text = JSON.stringify(exampleEnvelope('enrollment.created.v1'));

  it.each([
    ['nothing', Buffer.alloc(0), 'the message is not JSON'],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x00]), 'the message is not UTF-8'],
    ['no JSON', Buffer.from('{"id": \0'), 'the message is not JSON'],
    ['no object', Buffer.from('null'), 'the message is not a JSON object'],
    ['a list', Buffer.from('[]'), '/ must be object'],
    ['an escaped NUL', Buffer.from(text.replace('enr-5', '\\u0000')), 'it cannot be stored'],
    ['half a surrogate pair', Buffer.from(text.replace('enr-5', '\\ud800')), 'it cannot be stored'],
    ['a bottomless list', Buffer.from(text.replace('"enr-5"', deep)), 'it cannot be stored'],
    ['a byte order mark before rubbish', Buffer.from('\uFEFFrubbish'), 'the message is not JSON'],
    ['our own mark for bytes', Buffer.from('base64:AAAA'), 'the message is not JSON'],
  ])('(%s) is an error, not an exception, and none of it is lost', (_what, bytes, error) => {
    const decoded = codec.decode(bytes);
    if (decoded.ok) throw new Error('it was read');
    expect(decoded.error).toContain(error);
    expect(Buffer.from(bytesOfRaw(decoded.raw))).toEqual(bytes);
    expect(decoded.error + decoded.raw).not.toContain('\0');
  });

  it('is named by what it claims to be, where that can be made out', () => {
    const { id, type } = exampleEnvelope('enrollment.created.v1');
    const claims = (message: unknown): unknown => codec.decode(bytesOf(message));
    expect(claims({ id, type })).toMatchObject({ ok: false, claimed: { id, type } });
    expect(claims({ id: 7, type: 'a\0b' })).toMatchObject({ ok: false, claimed: {} });
    expect(claims('rubbish')).toMatchObject({ ok: false, claimed: {} });
  });

  it('may have a backslash before u0000: that is text', () => {
    expect(verdictOnData('enrollment.created.v1', { ...eventExamples['enrollment.created.v1'], enrollmentId: 'a\\u0000' })).toBe('ok');
  });
});

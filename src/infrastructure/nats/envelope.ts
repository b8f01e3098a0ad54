import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { fullFormats } from 'ajv-formats/dist/formats';
import type { PublishedEventType } from '../../application/events/event-data.generated';
import type { DecodedEvent, EventCodec, UnreadableEvent } from '../../application/events/event-codec';
import { type AnyEventEnvelope, dataSchemaOf, type EventEnvelope, MARKETPLACE_SOURCE } from '../../application/events/event-envelope';
import { InvalidEvent } from '../../application/events/invalid-event';
import { type EventSchemas, readEventSchemas } from './envelope-schemas';
import { isStorable, printable, rawOf, textOf } from './envelope-text';

/** Keywords whose message needs a value to be of use. */
const DETAIL: Readonly<Record<string, string>> = { additionalProperties: 'additionalProperty', enum: 'allowedValues', const: 'allowedValue' };

/** The one module that knows how events look on the wire (ADR 0003). Compile it once: it costs tens of milliseconds. */
export function createEventCodec(schemas: EventSchemas = readEventSchemas()): EventCodec {
  const checks = compileChecks(schemas);
  return {
    validateData(type: PublishedEventType, data: unknown): void {
      const problems = checks.data(type, data);
      if (problems.length > 0) throw new InvalidEvent(type, problems);
    },
    encode(envelope: EventEnvelope): Uint8Array {
      const problems = checks.attributes(envelope);
      if (problems.length > 0) throw new InvalidEvent(envelope.type, problems);
      return Buffer.from(JSON.stringify(envelope), 'utf8');
    },
    decode: (bytes) => decode(checks, bytes),
  };
}

interface Checks {
  /** Problems of the envelope's attributes; empty when there are none. */
  attributes(envelope: unknown): readonly string[];
  /** Problems of a payload; an unknown type is one. */
  data(type: string, data: unknown): readonly string[];
}

function compileChecks(schemas: EventSchemas): Checks {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false, // the envelope's second part narrows properties whose type the first one states
    strictRequired: false, // likewise
    formats: {
      'date-time': fullFormats['date-time'],
      uri: fullFormats.uri,
      'uri-reference': fullFormats['uri-reference'],
      uuid: true, // the pattern beside it is narrower: no `urn:uuid:`, lower case
    },
  });
  ajv.addSchema(schemas.common);
  const attributes = ajv.compile(schemas.envelope);
  const data = new Map([...schemas.data].map(([type, schema]) => [type, ajv.compile(schema)]));
  return {
    attributes: (envelope) => [...problemsOf(attributes, envelope), ...dataSchemaProblems(envelope)],
    data: (type, payload) => {
      const check = data.get(type);
      return check === undefined ? ['the type is not known here'] : problemsOf(check, payload);
    },
  };
}

function problemsOf(check: ValidateFunction, value: unknown): string[] {
  return check(value) ? [] : (check.errors ?? []).filter((error) => error.keyword !== 'if').map(readable);
}

function readable({ instancePath, message, params, keyword }: ErrorObject): string {
  const detail = DETAIL[keyword];
  const place = instancePath === '' ? '/' : instancePath;
  return `${place} ${message ?? keyword}${detail === undefined ? '' : `: ${String(params[detail])}`}`;
}

/** JSON Schema cannot tie two attributes to each other. How others name their schemas is theirs. */
function dataSchemaProblems(envelope: unknown): string[] {
  const { source, type, dataschema } = envelope as Partial<EventEnvelope>;
  return source !== MARKETPLACE_SOURCE || dataschema === dataSchemaOf(String(type))
    ? []
    : [`/dataschema must be ${dataSchemaOf(String(type))}`];
}

function decode(checks: Checks, bytes: Uint8Array): DecodedEvent {
  let text: string;
  let parsed: unknown;
  try {
    text = textOf(bytes);
  } catch {
    return unreadable(bytes, 'the message is not UTF-8');
  }
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return unreadable(bytes, `the message is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problems = problemsOfMessage(checks, text, parsed);
  if (problems.length > 0) return unreadable(bytes, problems.join('; '), parsed);
  return { ok: true, envelope: parsed as AnyEventEnvelope };
}

function problemsOfMessage(checks: Checks, text: string, parsed: unknown): readonly string[] {
  if (typeof parsed !== 'object' || parsed === null) return ['the message is not a JSON object'];
  if (!isStorable(text, parsed)) return ['it cannot be stored: NUL, a lone surrogate, or nested too deep'];
  const attributes = checks.attributes(parsed);
  if (attributes.length > 0) return attributes;
  const { type, data } = parsed as EventEnvelope;
  return checks.data(type, data).map((problem) => `${type}: /data${problem.replace(/^\/ /, ' ')}`);
}

function unreadable(bytes: Uint8Array, error: string, parsed?: unknown): UnreadableEvent {
  const { id, type } = (parsed ?? {}) as Record<string, unknown>;
  const claimed = { ...storableName('id', id), ...storableName('type', type) };
  return { ok: false, error: printable(error), raw: rawOf(bytes), claimed };
}

/** A claimed attribute, unless it is no text, too long for an index, or cannot be stored. */
function storableName<Name extends 'id' | 'type'>(name: Name, value: unknown): { [K in Name]?: string } {
  const usable = typeof value === 'string' && value !== '' && value.length <= 255 && printable(value) === value;
  return usable ? ({ [name]: value } as { [K in Name]?: string }) : {};
}

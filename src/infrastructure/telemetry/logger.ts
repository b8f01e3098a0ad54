import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import { correlationIdNow } from '../../application/correlation';
import { REDACTED_PATHS, redactLine, serializeError } from './redaction';

/** Structured logs as JSON lines on stdout, each with the id of the order or request that it belongs to. What may hold a token or a personal thing is never written. */
export function createLogger(level: string, destination?: DestinationStream) {
  const options = {
    level,
    base: { service: 'marketplace' },
    mixin: () => { const correlationId = correlationIdNow(); return correlationId === undefined ? {} : { correlationId }; },
    redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
    serializers: { err: (error: unknown) => serializeError(error) },
    hooks: { streamWrite: redactLine },
  };
  return destination ? pino(options, destination) : pino(options);
}

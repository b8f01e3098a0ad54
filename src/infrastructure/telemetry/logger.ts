import { pino } from 'pino';
import { correlationIdNow } from '../../application/correlation';

/** Structured logs as JSON lines on stdout, each with the id of the order or request that it belongs to. What may hold a token or a personal thing is never written. */
export function createLogger(level: string) {
  return pino({
    level,
    base: { service: 'marketplace' },
    mixin: () => { const correlationId = correlationIdNow(); return correlationId === undefined ? {} : { correlationId }; },
    redact: { paths: ['*.authorization', '*.Authorization', 'req.headers', '*.token', '*.payload'], censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
  });
}

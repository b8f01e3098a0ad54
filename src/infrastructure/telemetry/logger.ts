import { pino } from 'pino';

/** Structured logs as JSON lines on stdout. What may hold a token or a personal thing is never written. */
export function createLogger(level: string) {
  return pino({
    level,
    base: { service: 'marketplace' },
    redact: { paths: ['*.authorization', '*.Authorization', 'req.headers', '*.token', '*.payload'], censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
  });
}

import { withoutCardNumbers } from '../../domain/card-number';

/* What logs never hold: tokens, passwords, card numbers, what people wrote and who they are. */

/** Properties that are left out by name, at the top of a line's facts and up to two levels down. */
const SECRET_NAMES = [
  'authorization', 'Authorization', 'cookie', 'token', 'accessToken', 'password', 'secret', 'headers', 'payload', 'body', 'variables', 'connectionParams',
  'email', 'buyerId', 'learnerId', 'learnerIds', 'userId', 'subjectId', 'purchaseReference', 'paymentUrl',
] as const;
export const REDACTED_PATHS: readonly string[] = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

const CENSORED: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '[token]'],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, '$1 [token]'],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"]{1,300}@/gi, '$1[credentials]@'],
  [/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu, '[e-mail]'],
];

/** The line as it may be written: whatever has come into a message by way of an error is masked too. */
export function redactLine(line: string): string {
  return CENSORED.reduce((text, [pattern, mask]) => text.replace(pattern, mask), withoutCardNumbers(line));
}

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** Errors of the database carry the statement's parameters and the row they concern: only what is named here is logged. */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && depth < 3 && { cause: serializeError(error.cause, depth + 1) }),
  };
}

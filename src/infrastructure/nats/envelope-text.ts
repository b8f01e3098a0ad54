const decoder = new TextDecoder('utf-8', { fatal: true });
const NOT_TEXT = 'base64:';
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** The text of a message. Throws when it is not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * A message as text that a PostgreSQL `text` column takes, without loss: itself when it is UTF-8
 * without NUL, else `base64:` and its bytes. {@link bytesOfRaw} undoes it.
 */
export function rawOf(bytes: Uint8Array): string {
  try {
    // The decoder drops a byte order mark, so a message that begins with one is kept as bytes.
    const text = textOf(bytes);
    if (!text.includes('\0') && !text.startsWith(NOT_TEXT) && bytes[0] !== 0xef) return text;
  } catch {
    // Not UTF-8: kept as bytes.
  }
  return NOT_TEXT + Buffer.from(bytes).toString('base64');
}

/** The very bytes that {@link rawOf} was given: what a replay publishes. */
export function bytesOfRaw(raw: string): Uint8Array {
  return raw.startsWith(NOT_TEXT) ? Buffer.from(raw.slice(NOT_TEXT.length), 'base64') : Buffer.from(raw, 'utf8');
}

/** JSON nests deeper than this only to do harm: whatever stores it or writes it out again recurses. */
const MAX_NESTING = 64;

/**
 * Whether PostgreSQL can hold a parsed message, as `text` and as `jsonb`. NUL, lone surrogates and
 * any nesting are valid JSON, but a message that can never be stored would be tried for ever.
 * NUL and surrogates can only come from an escape in the text, so most strings need no look.
 */
export function isStorable(text: string, parsed: unknown): boolean {
  return holds(parsed, /\\u(?:0000|[dD][89a-fA-F])/.test(text), MAX_NESTING);
}

/** Text without what PostgreSQL refuses, cut to a length that suits a log line. */
export function printable(text: string): string {
  return text.slice(0, 1000).replace(UNSTORABLE, '\uFFFD');
}

function holds(value: unknown, lookIntoStrings: boolean, nestingLeft: number): boolean {
  if (typeof value === 'string') return !lookIntoStrings || value.search(UNSTORABLE) < 0;
  if (typeof value !== 'object' || value === null) return true;
  if (nestingLeft === 0) return false;
  if (Array.isArray(value)) return value.every((item) => holds(item, lookIntoStrings, nestingLeft - 1));
  return Object.entries(value).every(
    ([key, item]) => holds(key, lookIntoStrings, nestingLeft) && holds(item, lookIntoStrings, nestingLeft - 1),
  );
}

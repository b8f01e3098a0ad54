import { invalid, type Problem } from './problem';

export interface TextRule {
  readonly min: number;
  readonly max: number;
  /** A single line: no control character at all. Several lines: anything that a database can hold. */
  readonly lines: 'one' | 'many';
}

// PostgreSQL cannot hold U+0000, and UTF-8 has no half of a surrogate pair.
const UNSTORABLE = /\u0000|\p{Surrogate}/u;
const CONTROL = /\p{Cc}/u;

/** Characters as a reader counts them (code points), as PostgreSQL's `length` does. */
export function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** What is wrong with a text, or null. Blanks around it do not count. */
export function checkText(path: readonly string[], text: string, { min, max, lines }: TextRule): Problem | null {
  if (UNSTORABLE.test(text)) return invalid(path, 'The text contains a character that cannot be stored.');
  if (lines === 'one' && CONTROL.test(text.trim())) return invalid(path, 'The text must be a single line without control characters.');
  const length = lengthOf(text.trim());
  if (length < min) return invalid(path, 'The text must not be empty.', { min: `${min}` });
  if (length > max) return invalid(path, `The text has ${length} characters; at most ${max} are possible.`, { length: `${length}`, max: `${max}` });
  return null;
}

/** Why something was refused or stopped, as the provider will read it: 1 to 1,000 characters. */
export function checkReason(path: readonly string[], reason: string): Problem | null {
  return checkText(path, reason, { min: 1, max: 1_000, lines: 'many' });
}

import { Problem } from '../http/problem';

/** Answers kept by Idempotency-Key: a repeated call has its first answer and no second effect. */
export class IdempotentCalls<Answer> {
  private readonly calls = new Map<string, { readonly fingerprint: string; readonly answer: Answer }>();

  /**
   * Performs the call once for its key. A call that throws leaves no trace and may be sent again.
   * @throws Problem 422 when the key came with another body before.
   */
  once(key: string, body: unknown, perform: () => Answer): Answer {
    const fingerprint = canonicalJson(body);
    const earlier = this.calls.get(key);
    if (earlier === undefined) {
      const answer = perform();
      this.calls.set(key, { fingerprint, answer });
      return answer;
    }
    if (earlier.fingerprint === fingerprint) return earlier.answer;
    throw new Problem(422, 'idempotency-key-reused', `the key ${key} was used for another body`);
  }

  find(key: string): Answer | undefined {
    return this.calls.get(key)?.answer;
  }
}

/** JSON with the members of every object in one order, so that equal bodies are equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}

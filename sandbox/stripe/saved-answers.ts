import { StripeError } from './stripe-error';

export interface SavedAnswer {
  readonly status: number;
  readonly body: object;
}

/** Stripe's idempotency: the first answer to a key is saved, errors included, and replayed until the key is forgotten. */
export class SavedAnswers {
  private readonly saved = new Map<string, SavedAnswer & { readonly fingerprint: string; readonly at: number }>();

  /** What the key was answered before. @throws StripeError when it came with other parameters */
  find(key: string, parameters: object, keptMs: number): SavedAnswer | undefined {
    const earlier = this.saved.get(key);
    if (earlier === undefined || Date.now() - earlier.at >= keptMs) return undefined;
    if (earlier.fingerprint === JSON.stringify(parameters)) return earlier;
    throw new StripeError(400, 'idempotency_error', null, `Keys for idempotent requests can only be used with the same parameters; ${key} was used with others.`);
  }

  save(key: string, parameters: object, answer: SavedAnswer): SavedAnswer {
    this.saved.set(key, { ...answer, fingerprint: JSON.stringify(parameters), at: Date.now() });
    return answer;
  }
}

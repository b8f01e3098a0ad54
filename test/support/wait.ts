import { inspect } from 'node:util';

export interface WaitOptions {
  /** The bound, in milliseconds; past it the wait fails. */
  readonly withinMs: number;
  /** What is awaited, as it should read in the failure. */
  readonly what: string;
  /** Pause between two looks, in milliseconds. Default 25. */
  readonly everyMs?: number;
}

type Truthy<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/**
 * Looks until `probe` returns something truthy, and returns that. A probe that throws is a look that saw nothing yet.
 * @throws when the bound passes, with what was awaited and what was seen last.
 */
export async function waitFor<T>(probe: () => T | Promise<T>, options: WaitOptions): Promise<Truthy<T>> {
  const startedAt = performance.now();
  for (;;) {
    const seen = await look(probe);
    if ('value' in seen && seen.value) return seen.value as Truthy<T>;
    if (performance.now() - startedAt >= options.withinMs) {
      throw new Error(`${options.what}: not within ${options.withinMs} ms; last seen: ${describe(seen)}`);
    }
    await new Promise((resume) => setTimeout(resume, options.everyMs ?? 25));
  }
}

type Look<T> = { readonly value: T } | { readonly error: unknown };

async function look<T>(probe: () => T | Promise<T>): Promise<Look<T>> {
  try {
    return { value: await probe() };
  } catch (error) {
    return { error };
  }
}

function describe(seen: Look<unknown>): string {
  if ('value' in seen) return inspect(seen.value, { depth: 4, breakLength: 120 });
  return seen.error instanceof Error ? `${seen.error.name}: ${seen.error.message}` : inspect(seen.error);
}

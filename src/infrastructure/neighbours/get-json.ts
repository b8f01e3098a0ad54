import type { z } from 'zod';
import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';

export interface NeighbourAddress {
  /** For people and logs: `catalog-service`. */
  readonly name: string;
  /** With or without a slash at the end. */
  readonly baseUrl: string;
  /** Until the whole answer is there, in milliseconds; default 2,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 2_000;

/**
 * Asks a neighbour for a resource; null when it says 404.
 * @throws NeighbourUnavailable on any other status, no connection, no answer in time, or one of another shape
 */
export async function getJson<T>({ name, baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS }: NeighbourAddress, path: string, shape: z.ZodType<T>): Promise<T | null> {
  const answer = await ask(name, `${baseUrl.replace(/\/+$/, '')}${path}`, timeoutMs);
  if (answer === null) return null;
  const parsed = shape.safeParse(answer.body);
  if (!parsed.success) throw new NeighbourUnavailable(name, `its answer to GET ${path} has another shape: ${parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ')}`);
  return parsed.data;
}

async function ask(name: string, url: string, timeoutMs: number): Promise<{ readonly body: unknown } | null> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json, application/problem+json' }, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    if (response.status === 404) return null;
    if (!response.ok) throw new NeighbourUnavailable(name, `answered ${response.status}${problemIn(text)}`);
    return { body: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof NeighbourUnavailable) throw error;
    throw new NeighbourUnavailable(name, reasonOf(error, timeoutMs), { cause: error });
  }
}

/** What a problem+json body says about itself, shortened: it goes into logs. */
function problemIn(text: string): string {
  try {
    const { title, detail } = JSON.parse(text) as { title?: unknown; detail?: unknown };
    const said = [title, detail].filter((part) => typeof part === 'string').join(': ');
    return said === '' ? '' : ` (${said.slice(0, 200)})`;
  } catch {
    return '';
  }
}

/** Errors of `fetch` may come from another realm, where `instanceof Error` does not hold. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Partial<Error & { readonly cause: Partial<Error> }>;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return [message ?? String(error), cause?.message].filter((part) => part !== undefined && part !== '').join(': ');
}

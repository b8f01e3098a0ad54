import type { TestProcess } from './child-process';
import { waitFor } from './wait';

const START_WITHIN_MS = 60_000;

/**
 * Waits until `ready` says so.
 * @throws as soon as the process ends instead, or when the bound passes; both with the tail of its log.
 */
export async function untilReady(child: TestProcess, ready: () => Promise<boolean>): Promise<void> {
  try {
    await waitFor(async () => !child.running || (await ready()), {
      withinMs: START_WITHIN_MS,
      what: `${child.name} is ready`,
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${child.logTail()}`);
  }
  if (child.running) return;
  const { code, signal } = await child.exited;
  throw new Error(`${child.name} ended during its start (${signal ?? `exit code ${code}`})\n${child.logTail()}`);
}

/** Whether a GET answers 200 now. */
export async function answersOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await answer.arrayBuffer();
  return answer.status === 200;
}

const PORT_TAKEN = /EADDRINUSE|address already in use/i;

/** Calls `start`, again with fresh ports when one of them was taken in between. */
export async function retryOnTakenPort<T>(start: () => Promise<T>, tries = 3): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt >= tries || !(error instanceof Error) || !PORT_TAKEN.test(error.message)) throw error;
    }
  }
}

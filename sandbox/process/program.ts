/** A started program: where it listens, and how to stop it. */
export interface RunningProgram {
  readonly url: string;
  stop(): Promise<void>;
}

/** Stopping takes longer than this only when a peer hangs; then we leave anyway. */
const STOP_WITHIN_MS = 900;

/**
 * Runs a program until SIGTERM or SIGINT. Prints one line when it listens;
 * a failed start is one line on stderr and exit code 1.
 */
export async function runProgram(
  name: string,
  portVariable: string,
  start: () => Promise<RunningProgram>,
): Promise<void> {
  try {
    const program = await start();
    console.log(`${name} listening on ${program.url}`);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void leave(name, program));
    }
  } catch (error) {
    console.error(`${name}: ${explain(error, portVariable)}`);
    process.exit(1);
  }
}

async function leave(name: string, program: RunningProgram): Promise<void> {
  setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
  try {
    await program.stop();
    process.exit(0);
  } catch (error) {
    console.error(`${name}: did not stop cleanly: ${messageOf(error)}`);
    process.exit(1);
  }
}

function explain(error: unknown, portVariable: string): string {
  if (isPortTaken(error)) {
    return `port ${error.port} on ${error.address} is taken; set ${portVariable} to a free one`;
  }
  return messageOf(error);
}

function isPortTaken(error: unknown): error is Error & { port: number; address: string } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

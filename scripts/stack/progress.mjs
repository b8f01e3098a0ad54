// Short lines on standard output that say what is being done and how long it took.

/** A failure with one clear line for the person at the terminal: what to install, or which setting to change. */
export class SetupError extends Error {
  name = 'SetupError';
}

const startedAt = performance.now();
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export function say(line) {
  process.stdout.write(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)}s] ${line}\n`);
}

/** Does `work` and says so when it took effect; `describe` turns its result into words. */
export async function step(what, work, describe = () => '') {
  const from = performance.now();
  const result = await work();
  const outcome = describe(result);
  say(`${what}${outcome ? `: ${outcome}` : ''} (${seconds(performance.now() - from)})`);
  return result;
}

/** One line for a SetupError, the whole stack for anything that was not foreseen. */
export function complain(error) {
  process.stderr.write(`✗ ${error instanceof SetupError ? error.message : (error?.stack ?? error)}\n`);
}

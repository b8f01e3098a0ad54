// The frame of a script that starts processes: it ends them however it is ended itself.
import { Processes } from './processes.mjs';
import { complain, say } from './progress.mjs';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

/**
 * Runs `work(processes)`, stops everything, and exits with the number that it resolved to (or 1 if it threw).
 * On a signal everything is stopped first and the exit code is 128 + its number; a second signal kills.
 */
export async function runWith(logDir, work) {
  const processes = new Processes(logDir);
  let interruptedBy;
  const interrupt = (signal) => {
    if (interruptedBy) return processes.killAll();
    interruptedBy = signal;
    say(`${signal}: stopping`);
    processes.stop().then(() => process.exit(128 + SIGNALS[signal]));
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, interrupt);
  followNpm(() => interrupt('SIGHUP'));
  // A reader that went away (`npm start | head`) must not keep us from stopping what runs.
  process.stdout.on('error', () => interruptedBy || interrupt('SIGHUP'));

  let exitCode = 1;
  try {
    exitCode = await work(processes);
  } catch (error) {
    if (!interruptedBy) complain(error);
  }
  await processes.stop();
  if (!interruptedBy) process.exit(exitCode);
}

/** npm that is killed outright takes no script with it: started by npm, end with npm. */
function followNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && onGone(), 1_000).unref();
}

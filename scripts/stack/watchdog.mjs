// Ends processes whose starter died without ending them (kill -9, a crash, a closed terminal).
//
// The starter spawns `node watchdog.mjs` detached, with a pipe as its standard input, and writes lines to it:
//   group <pid> <signal>   this process leads a process group; end it with <signal>, in case
//   forget <pid>           it has ended
//   dir <path>             a private directory to remove, in case
//   forget-dir <path>      it has been removed
// The pipe closes when the starter ends, however it ends: then whatever is still listed goes. No polling of
// the starter, no pid of the starter that something else could have taken over.
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const GRACE_MS = 3_000;

/** When the process was started, as the kernel tells; tells a reused pid from the one that was listed. */
function startedAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // no /proc on this system, or gone
  }
}

const groups = new Map();
const dirs = new Set();

function note(line) {
  const [verb, what, signal] = line.split('\t');
  if (verb === 'group') groups.set(Number(what), { signal, startedAt: startedAt(what) });
  else if (verb === 'forget') groups.delete(Number(what));
  else if (verb === 'dir') dirs.add(what);
  else if (verb === 'forget-dir') dirs.delete(what);
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}); // the pipe decides
for await (const line of createInterface({ input: process.stdin })) note(line);

let left = [...groups].filter(([pid, group]) => startedAt(pid) === group.startedAt);
for (const [pid, { signal }] of left) signalGroup(pid, signal);
for (let waited = 0; left.length > 0 && waited < GRACE_MS; waited += 50) {
  await pause(50);
  left = left.filter(([pid]) => signalGroup(pid, 0));
}
for (const [pid] of left) signalGroup(pid, 'SIGKILL');
for (const dir of dirs) rmSync(dir, { recursive: true, force: true });

// CPU time by /proc: what an operation costs, whoever else uses the machine meanwhile. Undefined where there is no /proc.
import { readFileSync, readdirSync } from 'node:fs';

const TICK_MS = 10; // the kernel's USER_HZ is 100 on every Linux that Node runs on

/** CPU milliseconds of a process, its ended children included. */
export function cpuOf(pid) {
  const fields = statOf(pid);
  return fields && fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
}

/** Of PostgreSQL: the postmaster, the backends that it has, and those that have ended. */
export function cpuWithChildren(pid) {
  const own = cpuOf(pid);
  if (own === undefined) return undefined;
  const children = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && statOf(entry)?.[1] === String(pid));
  return children.reduce((sum, child) => sum + (cpuOf(child) ?? 0), own);
}

/** Resident memory in bytes. */
export function residentBytes(pid) {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line ? Number(line[1]) * 1024 : undefined;
}

/** The fields after the name, which may itself hold spaces and brackets; undefined once it has gone. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

import { sqlStateOf } from './unit-of-work';

/** SQLSTATE classes that say "not with these data", whatever the weather: data exception, constraint, raised by us. */
const LASTING = ['22', '23', 'P0'];
/** Connection, resources, operator intervention, system errors. */
const OUTAGE = ['08', '53', '57', '58'];
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** Trying again would fail again: a constraint, or a mistake of ours. */
export function isLasting(error: unknown): boolean {
  if (isOutage(error)) return false;
  const state = sqlStateOf(error);
  return state === undefined ? error instanceof TypeError || error instanceof RangeError : LASTING.includes(state.slice(0, 2));
}

/** The database is away or at its limits: nothing is wrong with what was tried. */
export function isOutage(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined && (NETWORK.has(state) || (/^[0-9A-Z]{5}$/.test(state) && OUTAGE.includes(state.slice(0, 2))))) return true;
  return error instanceof Error && /connection terminated|query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|server closed the connection/i.test(error.message);
}

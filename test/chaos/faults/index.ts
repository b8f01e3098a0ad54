import type { FaultName } from '../plan/fault-names';
import { letTimePass, sendPoison } from './messages';
import { halfCloseNats, killNats, rollStreamBack, stallNats, wipeStream } from './nats';
import { halfClosePostgres, losePostgres, restartPostgres, stallPostgres, terminateBackends } from './postgres';
import { kill, killAtPoint, restartWithNextDefinition, stopBeyondTheLease } from './processes';
import { flushRedis, goWithoutRedis, killRedis } from './redis';
import type { Fault } from './scene';

/** Every fault that is injected from outside; those of the neighbours are journeys of the load. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  'kill': kill,
  'kill at a point': killAtPoint,
  'restart with the next definition': restartWithNextDefinition,
  'stop beyond the lease': stopBeyondTheLease,
  'terminate backends': terminateBackends,
  'restart PostgreSQL at once': restartPostgres,
  'stall PostgreSQL connections': stallPostgres,
  'half-close PostgreSQL connections': halfClosePostgres,
  'lose PostgreSQL connections': losePostgres,
  'kill NATS': killNats,
  'stall NATS connections': stallNats,
  'half-close NATS connections': halfCloseNats,
  'wipe the stream': wipeStream,
  'roll the stream back': rollStreamBack,
  'flush Redis': flushRedis,
  'kill Redis': killRedis,
  'go without Redis': goWithoutRedis,
  'send poison': sendPoison,
  'let time pass': letTimePass,
};

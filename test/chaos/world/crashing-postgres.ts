import { readFileSync } from 'node:fs';
import { TestProcess } from '../../support/child-process';
import type { TestDatabase } from '../../support/database';
import { programEnvironment } from '../../support/program-environment';
import { waitFor } from '../../support/wait';

/** A PostgreSQL of the run's own that can be crashed: scripts/stack/crashing-postgres.mjs starts it again. */
export interface CrashingPostgres extends TestDatabase {
  /** PostgreSQL's "immediate" shutdown, as a crash: nothing is flushed, everybody is cut. Resolves when it runs again. */
  crash(): Promise<void>;
}

export async function startCrashingPostgres(): Promise<CrashingPostgres> {
  const group = `chaos-${process.pid}-${Date.now().toString(36)}`;
  const supervisor = await TestProcess.start({
    name: 'postgres', group, command: process.execPath, args: ['scripts/stack/crashing-postgres.mjs', logRootOf()], env: programEnvironment({}),
  });
  const said = (): string => readFileSync(supervisor.logFile, 'utf8');
  const pids = (): number[] => [...said().matchAll(/^postmaster (\d+)$/gm)].map((match) => Number(match[1]));
  const url = await waitFor(() => {
    if (!supervisor.running) throw new Error(supervisor.logTail());
    return /^ready (\S+)$/m.exec(said())?.[1];
  }, { withinMs: 90_000, what: 'PostgreSQL is migrated' });
  return {
    name: group,
    url,
    async crash() {
      const before = pids();
      process.kill(before.at(-1)!, 'SIGQUIT');
      await waitFor(() => pids().length > before.length, { withinMs: 120_000, what: 'PostgreSQL runs again' });
    },
    drop: () => supervisor.stop(),
  };
}

/** Beside the logs of the processes that it stands among. */
function logRootOf(): string {
  return process.env['TEST_LOG_DIR'] ?? '.dev/test-logs/chaos';
}

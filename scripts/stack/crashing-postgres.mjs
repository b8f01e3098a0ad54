#!/usr/bin/env node
// A migrated PostgreSQL that comes back by itself, for tests that crash it. It says on standard output:
//   ready <url>          once the database is migrated
//   postmaster <pid>     each time that the server runs; SIGQUIT to it is PostgreSQL's "immediate" shutdown
// SIGTERM to this process ends both, for good.
import path from 'node:path';
import { migrate } from './migrate.mjs';
import { startPostgres } from './postgres.mjs';
import { runWith } from './run.mjs';

await runWith(path.join(process.argv[2] ?? '.dev/logs', `crashing-postgres-${process.pid}`), async (processes) => {
  const server = await startPostgres(processes, { durable: false });
  await migrate(processes, server.url);
  process.stdout.write(`postmaster ${server.child.pid}\nready ${server.url}\n`);
  for (let child = server.child; ; ) {
    await child.exited;
    if (processes.stopping) return 0;
    child = await server.relaunch();
    process.stdout.write(`postmaster ${child.pid}\n`);
  }
});

import { readFileSync } from 'node:fs';
import { SetupError } from './progress.mjs';

/** Brings a database up to date with the built migrations; resolves to what the program said last. */
export async function migrate(processes, url) {
  const env = { ...process.env, DATABASE_URL: url, MIGRATION_DATABASE_URL: url };
  const child = processes.start('migrate', process.execPath, ['--enable-source-maps', 'dist/src/migrate.js'], { env });
  const how = await child.exited;
  const output = readFileSync(child.logFile, 'utf8').trim();
  if (how !== 'exit code 0') throw new SetupError(`the migrations failed (${how}):\n${output}`);
  return output.split('\n').at(-1);
}

import { spawn } from 'node:child_process';
import { SetupError } from './progress.mjs';
import { ROOT } from './project.mjs';

/** Brings a database up to date with the built migrations; resolves to what the program said last. */
export function migrate(url) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DATABASE_URL: url, MIGRATION_DATABASE_URL: url };
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/src/migrate.js'], { cwd: ROOT, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.trim().split('\n').at(-1));
      else reject(new SetupError(`the migrations failed:\n${output.trim()}`));
    });
  });
}

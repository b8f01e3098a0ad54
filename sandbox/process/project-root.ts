import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the project by its path from the root; the same from sources, from dist/ and in tests. */
export function projectFile(...path: string[]): string {
  return join(projectRoot(__dirname), ...path);
}

function projectRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('no package.json above the sandbox');
  return projectRoot(parent);
}

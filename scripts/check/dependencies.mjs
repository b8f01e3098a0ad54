// Dependency rules (.dependency-cruiser.cjs) over all sources.
import { existsSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { createRequire } from 'node:module';
import path from 'node:path';

const FOLDERS = ['src', 'resolvers', 'sagas', 'entities', 'migrations', 'sandbox', 'test'];

/** Violations of the rules in the project at `root`: [{ rule, from, to, comment }]. */
export async function violations(root) {
  process.chdir(root);
  const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
  const folders = FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const { output } = await cruise(
    folders,
    { ...options, validate: true, ruleSet: { forbidden, options }, baseDir: root },
    undefined,
    { tsConfig: extractTSConfig(path.join(root, 'tsconfig.json')) },
  );
  const comments = new Map(forbidden.map((rule) => [rule.name, rule.comment]));
  return {
    modules: output.summary.totalCruised,
    found: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to, comment: comments.get(rule.name) })),
  };
}

if (import.meta.filename === process.argv[1]) {
  const { modules, found } = await violations(path.resolve(import.meta.dirname, '../..'));
  for (const { rule, from, to, comment } of found) console.error(`${rule}: ${from} → ${to}\n    ${comment}`);
  console.log(`${modules} modules, ${found.length} violations`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

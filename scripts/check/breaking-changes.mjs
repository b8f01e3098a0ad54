// npm run check:breaking: what clients build on (schema/baseline/marketplace.graphql) still holds in schema/marketplace.graphql.
// A change that breaks them fails, unless CHANGELOG.md names its coordinate, as `Type.field`, under the unreleased heading.
// npm run generate:baseline, with a release: from then on clients build on what there is now.
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildASTSchema, parse } from 'graphql';
import { writeOrCheck } from '../committed-file.mjs';
import { ROOT, inProject } from '../stack/project.mjs';
import path from 'node:path';

const BASELINE = 'schema/baseline/marketplace.graphql';
const CURRENT = 'schema/marketplace.graphql';
const schemaOf = (text) => buildASTSchema(parse(text), { assumeValidSDL: true });

/** Breaking changes from one SDL to another that the changelog's text does not name: ["Order.number: …"]. */
export async function unannouncedBreaks(before, after, changelog) {
  const unreleased = /^## \[Unreleased\]$([\s\S]*?)(?=^## \[|$(?![\s\S]))/m.exec(changelog)?.[1] ?? '';
  const changes = await diff(schemaOf(before), schemaOf(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .filter(({ path: coordinate = '' }) => !unreleased.includes(`\`${coordinate}\``))
    .map(({ path: coordinate, message }) => `${coordinate}: ${message}`);
}

/** Proves that a break is found, that an addition is none, and that the changelog can announce one. */
async function probe() {
  const [before, after] = ['type Query { a: Int b: Int }', 'type Query { a: Int c: Int }'];
  const found = await unannouncedBreaks(before, after, '## [Unreleased]\n- more\n## [1.0.0]\n- `Query.b` is gone\n');
  const announced = await unannouncedBreaks(before, after, '## [Unreleased]\n- `Query.b` is gone\n');
  if (found.length !== 1 || !found[0].startsWith('Query.b') || announced.length !== 0) throw new Error(`the check does not find what it is there for: ${JSON.stringify([found, announced])}`);
}

if (import.meta.filename === process.argv[1]) {
  const read = (file) => readFileSync(path.join(ROOT, file), 'utf8');
  await probe();
  if (process.argv.includes('--renew')) {
    writeOrCheck(inProject(BASELINE), read(CURRENT), 'npm run generate:baseline');
  } else {
    const breaks = await unannouncedBreaks(read(BASELINE), read(CURRENT), read('CHANGELOG.md'));
    for (const found of breaks) console.error(`${found}\n    clients build on it: keep it beside the new one, or name \`${found.split(':')[0]}\` in CHANGELOG.md (and see CONTRIBUTING.md: it needs an ADR)`);
    console.log(`${breaks.length} breaking changes since ${BASELINE}`);
    process.exitCode = breaks.length > 0 ? 1 : 0;
  }
}

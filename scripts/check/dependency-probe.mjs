// Proves that every dependency rule fires: plants one violation of each in a small copy of the layout and looks.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { violations } from './dependencies.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Rule → a file and the import in it that the rule forbids. */
const PLANTED = {
  'domain-is-pure': ['src/domain/a.ts', 'node:fs'],
  'application-knows-ports-only': ['src/application/a.ts', '../infrastructure/target'],
  'application-without-technology': ['src/application/b.ts', 'pg'],
  'sagas-declare-only': ['sagas/a.ts', 'uuid'],
  'resolvers-use-use-cases': ['resolvers/a.ts', '../src/infrastructure/target'],
  'entities-only-in-postgres': ['src/infrastructure/nats/a.ts', '../../../entities/target'],
  'entities-are-rows': ['entities/a.ts', 'uuid'],
  'infrastructure-implements-ports': ['src/infrastructure/b.ts', '../../resolvers/target'],
  'one-wiring': ['src/application/c.ts', '../infrastructure/target'],
  'migrations-stand-alone': ['migrations/a.ts', '../src/domain/target'],
  'sandbox-stands-apart': ['sandbox/a.ts', '../src/domain/target'],
  'service-without-sandbox': ['src/application/d.ts', '../../sandbox/target'],
  'no-test-code-in-programs': ['src/application/e.ts', '../../test/target'],
  'reckoning-stands-alone': ['test/year/reckoning/a.ts', '../../../src/domain/target'],
  'no-development-packages': ['src/infrastructure/c.ts', 'fast-check'],
  'no-unlisted-packages': ['src/infrastructure/d.ts', 'a-package-that-nobody-listed'],
  'no-cycles': ['src/application/f.ts', './g'],
};
const TARGETS = ['src/infrastructure', 'src/domain', 'resolvers', 'entities', 'sandbox', 'test'].map((dir) => `${dir}/target.ts`);

const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const unproven = forbidden.map((rule) => rule.name).filter((name) => !PLANTED[name]);
const root = mkdtempSync(path.join(tmpdir(), 'marketplace-dependency-probe-'));
try {
  const plant = (file, text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const file of TARGETS) plant(file, 'export const target = 1;\n');
  for (const [file, imported] of Object.values(PLANTED)) plant(file, `import * as x from '${imported}';\nexport const y = x;\n`);
  plant('src/application/g.ts', "import * as x from './f';\nexport const y = x;\n");
  for (const file of ['package.json', 'tsconfig.json']) plant(file, readFileSync(path.join(ROOT, file), 'utf8'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'), 'dir');

  const { found } = await violations(root);
  const silent = Object.entries(PLANTED).filter(([rule, [file]]) => !found.some((v) => v.rule === rule && v.from === file));
  for (const [rule, [file, imported]] of silent) console.error(`${rule} did not fire on ${file} importing ${imported}`);
  for (const rule of unproven) console.error(`${rule} has no planted violation in scripts/check/dependency-probe.mjs`);
  console.log(`${forbidden.length} rules, ${forbidden.length - silent.length - unproven.length} proven`);
  process.exitCode = silent.length + unproven.length > 0 ? 1 : 0;
} finally {
  process.chdir(ROOT);
  rmSync(root, { recursive: true, force: true });
}

// npm run check:licenses: every package, direct or not, is under a licence that has been agreed to. `node
// scripts/check/licenses.mjs --list` prints all of them.
import { readFileSync } from 'node:fs';
import { inProject } from '../stack/project.mjs';

/** SPDX ids that may be used without asking. */
const ALLOWED = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0', 'CC-BY-4.0', 'Zlib']);
/** What else was agreed to: the federation libraries are source-available; using them in a service of one's own is allowed. */
const EXCEPTIONS = new Map([
  ['@apollo/composition', 'Elastic-2.0'], ['@apollo/federation-internals', 'Elastic-2.0'], ['@apollo/query-graphs', 'Elastic-2.0'], ['@apollo/subgraph', 'Elastic-2.0'],
]);

/** Whether an SPDX expression leaves a way that is allowed: of an OR one, of an AND all. */
export function isAllowed(expression = '') {
  const terms = expression.replace(/[()]/g, ' ').trim();
  return terms.split(/\s+OR\s+/).some((choice) => choice.split(/\s+AND\s+/).every((id) => ALLOWED.has(id.trim())));
}

/** { name, version, license, dev } of all that the lock file installs. */
export function packagesIn(lock) {
  return Object.entries(lock.packages).filter(([place, { link }]) => place !== '' && !link).map(([place, { version, license, dev = false }]) => ({
    name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length), version, license: license ?? 'none', dev,
  }));
}

export function refusedIn(packages) {
  return packages.filter(({ name, license }) => !isAllowed(license) && EXCEPTIONS.get(name) !== license);
}

/** Proves that each fault is found. */
function probe() {
  const licenses = { a: 'MIT', b: 'GPL-3.0-only', c: undefined, d: '(MIT OR GPL-3.0-only)', e: 'MIT AND GPL-3.0-only', f: 'Elastic-2.0' };
  const packages = packagesIn({ packages: Object.fromEntries(Object.entries(licenses).map(([name, license]) => [`node_modules/${name}`, { version: '1.0.0', license }])) });
  const found = refusedIn(packages).map(({ name }) => name).join('');
  if (found !== 'bcef') throw new Error(`the check does not find what it is there for: ${found}`);
}

if (import.meta.filename === process.argv[1]) {
  probe();
  const packages = packagesIn(JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')));
  if (process.argv.includes('--list')) for (const { name, version, license, dev } of packages) console.log(`${license}\t${name}\t${version}\t${dev ? 'development' : 'service'}`);
  const refused = refusedIn(packages);
  for (const { name, version, license } of refused) console.error(`${name} ${version}: ${license} has not been agreed to`);
  console.log(`${packages.length} packages, ${refused.length} under licences that have not been agreed to`);
  process.exitCode = refused.length > 0 ? 1 : 0;
}

// npm run check:pinned: what is installed is exactly what was tested: no ranges, no sources but the registry, checksums for all.
import { readFileSync } from 'node:fs';
import { inProject } from '../stack/project.mjs';

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** What is not pinned: ["typescript: ^5.9.0 is no exact version"]. */
export function unpinned(manifest, lock) {
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.overrides });
  const ranges = wanted.filter(([, version]) => !EXACT.test(version)).map(([name, version]) => `${name}: ${version} is no exact version`);
  const packages = Object.entries(lock.packages).filter(([place, { link }]) => place !== '' && !link);
  const unchecked = packages.filter(([, { integrity, inBundle }]) => !integrity && !inBundle).map(([place]) => `${place}: the lock file has no checksum for it`);
  const elsewhere = packages.filter(([, { resolved }]) => resolved && !/^https:\/\/[^/]+\/.*\.tgz$/.test(resolved)).map(([place, { resolved }]) => `${place}: comes from ${resolved}, not from the registry`);
  const drifted = wanted.filter(([name, version]) => lock.packages[`node_modules/${name}`] && lock.packages[`node_modules/${name}`].version !== version).map(([name]) => `${name}: the lock file has another version`);
  return [...ranges, ...unchecked, ...elsewhere, ...drifted];
}

/** Proves that each fault is found. */
function probe() {
  const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.1', integrity: 'x', resolved: 'git+ssh://git@example.org/a.git' }, 'node_modules/b': { version: '2.0.0' } } };
  const found = unpinned({ dependencies: { a: '1.0.0', b: '^2.0.0' } }, lock);
  if (found.length !== 5) throw new Error(`the check does not find what it is there for: ${JSON.stringify(found)}`);
}

if (import.meta.filename === process.argv[1]) {
  probe();
  const read = (file) => JSON.parse(readFileSync(inProject(file), 'utf8'));
  const found = unpinned(read('package.json'), read('package-lock.json'));
  for (const line of found) console.error(line);
  console.log(`${found.length} packages that are not pinned`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

// Files that are generated and committed: written, or with --check compared to what is there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './stack/project.mjs';

/** Sets a failing exit code when `--check` was given and the file says something else. */
export function writeOrCheck(file, content, howToRenew) {
  const name = path.relative(ROOT, file);
  const present = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (!process.argv.includes('--check')) {
    mkdirSync(path.dirname(file), { recursive: true });
    if (present !== content) writeFileSync(file, content);
    console.log(present === content ? `${name} is as it was` : `${name} written`);
  } else if (present !== content) {
    console.error(`${name} is not what its sources say${firstDifference(present ?? '', content)}\nrun \`${howToRenew}\` and commit the result`);
    process.exitCode = 1;
  }
}

function firstDifference(present, wanted) {
  const [a, b] = [present.split('\n'), wanted.split('\n')];
  const line = b.findIndex((text, index) => text !== a[index]);
  const at = line < 0 ? b.length : line;
  return `, from line ${at + 1} on:\n- ${a[at] ?? '(end)'}\n+ ${b[at] ?? '(end)'}`;
}

import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** What development leaves behind; ignored by git, safe to delete while nothing runs. */
export const DEV_DIR = path.join(ROOT, '.dev');
export const inProject = (...parts) => path.join(ROOT, ...parts);

// A lock between processes: a directory that appears by one atomic rename, with its owner's pid inside.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from './progress.mjs';
import { DEV_DIR } from './project.mjs';

/** Runs `work` while no other process of this checkout runs something under the same name. */
export async function withLock(name, work) {
  const locks = path.join(DEV_DIR, 'locks');
  const lock = path.join(locks, name);
  mkdirSync(locks, { recursive: true });
  const mine = mkdtempSync(path.join(locks, `.${name}-`));
  writeFileSync(path.join(mine, 'pid'), String(process.pid));
  try {
    await take(mine, lock, name);
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    throw error;
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

async function take(mine, lock, name) {
  for (let told = false; !tryRename(mine, lock); await pause(100)) {
    const owner = ownerOf(lock);
    if (owner !== undefined && !isAlive(owner)) breakLock(lock, owner);
    else if (!told) {
      say(`waiting for process ${owner ?? '?'}, which does the ${name}`);
      told = true;
    }
  }
}

/** Renaming a directory onto one that is not empty fails: that is what makes the lock exclusive. */
function tryRename(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(path.join(lock, 'pid'), 'utf8'));
  } catch {
    return undefined; // released just now
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Takes a dead owner's lock away; if a living one got it in between, gives it back. */
function breakLock(lock, deadOwner) {
  const aside = `${lock}.broken-${process.pid}`;
  if (!tryMove(lock, aside)) return;
  if (ownerOf(aside) !== deadOwner) tryMove(aside, lock);
  rmSync(aside, { recursive: true, force: true });
}

function tryMove(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

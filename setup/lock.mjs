import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who holds a lock touches it so often. */
const SIGN_OF_LIFE_MS = 5_000;
/** Of another machine, or another container, only the signs of life are seen. */
const FOREIGN_LOCK_MS = 60_000;
/** Between `mkdir` and the owner file a lock stands without an owner for a moment. */
const NAMELESS_LOCK_MS = 5_000;

/** Does the work while no other process holds the same lock. The lock is a folder, because
 *  `mkdir` is atomic; it names its owner, so that the lock of a dead process is taken over.
 *  @template T
 *  @param {string} folder @param {() => Promise<T>} work
 *  @param {(owner: string) => void} [onWait] called once when another process holds the lock
 *  @returns {Promise<T>} */
export async function withLock(folder, work, onWait = () => {}) {
  await mkdir(dirname(folder), { recursive: true });
  for (let waited = false; !(await take(folder)); waited = true) {
    const owner = await readOwner(folder);
    if (await isStale(folder, owner)) {
      await takeAway(folder, owner);
    } else {
      if (!waited) onWait(owner);
      await sleep(200);
    }
  }
  const pulse = setInterval(() => touch(folder), SIGN_OF_LIFE_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(pulse);
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function touch(folder) {
  const now = new Date();
  utimes(folder, now, now).catch(() => {});
}

/** @param {string} folder @returns {Promise<boolean>} */
async function take(folder) {
  try {
    await mkdir(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await writeFile(join(folder, 'owner'), `${process.pid} ${hostname()}`);
    return true;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** @param {string} folder @returns {Promise<string>} `pid host`, empty when there is none */
async function readOwner(folder) {
  return readFile(join(folder, 'owner'), 'utf8').catch(() => '');
}

/** @param {string} folder @param {string} owner @returns {Promise<boolean>} */
async function isStale(folder, owner) {
  const made = await stat(folder).catch(() => null);
  if (made === null) return false;
  const age = Date.now() - made.mtimeMs;
  const [pid, host] = owner.split(' ');
  if (!pid || !host) return age > NAMELESS_LOCK_MS;
  if (host !== hostname()) return age > FOREIGN_LOCK_MS;
  return !isAlive(Number(pid));
}

/** @param {number} pid @returns {boolean} */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Removes a stale lock. Moving it aside first lets only one of several finders win; if a new
 *  owner came between the look and the move, their lock is put back.
 *  @param {string} folder @param {string} owner who was found stale */
async function takeAway(folder, owner) {
  const aside = `${folder}.stale-${randomBytes(4).toString('hex')}`;
  const moved = await rename(folder, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readOwner(aside)) === owner) await rm(aside, { recursive: true, force: true });
  else await rename(aside, folder).catch(() => {});
}

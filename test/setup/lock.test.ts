import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../setup/lock.mjs';
import { temporaryFolder } from './temporary-folder.js';

describe('withLock', () => {
  it('never lets two work at once', async () => {
    const lock = join(temporaryFolder(), 'cache', 'engine.lock');
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await sleep(30);
      events.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withLock(lock, work(name))));
    const order = events.filter((_, index) => index % 2 === 0).map((event) => event[0]);
    expect(events).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(existsSync(lock)).toBe(false);
  });

  it('says once whom it waits for', async () => {
    const lock = join(temporaryFolder(), 'lock');
    const waits: string[] = [];
    let next: Promise<void> | undefined;
    await withLock(lock, async () => {
      next = withLock(
        lock,
        async () => {},
        (owner) => waits.push(owner),
      );
      await sleep(500);
    });
    await next;
    expect(waits).toEqual([`${process.pid} ${hostname()}`]);
  });

  it('takes over the lock of a process that has died', async () => {
    const lock = join(temporaryFolder(), 'lock');
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    mkdirSync(lock);
    writeFileSync(join(lock, 'owner'), `${pid} ${hostname()}`);
    await expect(withLock(lock, async () => 'done')).resolves.toBe('done');
  });

  it('takes over an old lock of another machine', async () => {
    const lock = join(temporaryFolder(), 'lock');
    mkdirSync(lock);
    writeFileSync(join(lock, 'owner'), '1 another-machine');
    const hourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock, hourAgo, hourAgo);
    await expect(withLock(lock, async () => 'done')).resolves.toBe('done');
  });

  it('is given back when the work fails', async () => {
    const lock = join(temporaryFolder(), 'lock');
    const failing = withLock(lock, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(existsSync(lock)).toBe(false);
  });
});

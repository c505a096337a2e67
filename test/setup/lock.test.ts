import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
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

  it('shows signs of life for as long as it is held', async () => {
    const lock = join(temporaryFolder(), 'lock');
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    await withLock(lock, async () => {
      const minuteAgo = new Date(Date.now() - 60_000);
      utimesSync(lock, minuteAgo, minuteAgo);
      vi.advanceTimersByTime(5_000);
      await expect.poll(() => Date.now() - statSync(lock).mtimeMs).toBeLessThan(30_000);
    });
  });

  it('is not left behind when its owner cannot be written', async () => {
    const lock = join(temporaryFolder(), 'lock');
    const code = `
      import { withLock } from '${pathToFileURL('setup/lock.mjs').href}';
      await withLock(process.argv[1], async () => {}).catch(({ code }) => console.log(code));`;
    const args = ['-c', 'ulimit -f 0; exec "$0" --input-type=module -e "$1" "$2"'];
    const result = spawnSync('sh', [...args, process.execPath, code, lock], { encoding: 'utf8' });
    expect(result.stdout).toBe('EFBIG\n');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over an old lock of another machine', async () => {
    const lock = join(temporaryFolder(), 'lock');
    mkdirSync(lock);
    writeFileSync(join(lock, 'owner'), '1 another-machine');
    const before = new Date(Date.now() - 61_000);
    utimesSync(lock, before, before);
    await expect(withLock(lock, async () => 'done')).resolves.toBe('done');
  });

  it('is given back when the work fails', async () => {
    const lock = join(temporaryFolder(), 'lock');
    const failing = withLock(lock, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(existsSync(lock)).toBe(false);
  });
});

import { setTimeout } from 'node:timers/promises';
import { beforeEach, expect, it, vi } from 'vitest';
import { runTasks } from '../../src/cli/tasks.js';

let lines: string[];

beforeEach(() => {
  vi.stubEnv('CI', '1'); // plain lines, also on a terminal
  lines = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return () => {
    write.mockRestore();
    vi.unstubAllEnvs();
  };
});

it('runs so many tasks at once, and begins them in their order', async () => {
  let [running, most] = [0, 0];
  const begun: number[] = [];
  const tasks = [30, 10, 10, 10].map((milliseconds, index) => ({
    title: `${index}`,
    work: async () => {
      begun.push(index);
      most = Math.max(most, ++running);
      await setTimeout(milliseconds);
      running--;
      return 'done';
    },
  }));
  expect(await runTasks(tasks, 2)).toEqual([]);
  expect({ begun, most }).toEqual({ begun: [0, 1, 2, 3], most: 2 });
  expect([...lines].sort()).toEqual(['0: done\n', '1: done\n', '2: done\n', '3: done\n']);
});

it('goes on after a failure, and gives the failures in the order of the tasks', async () => {
  const failing = (title: string, milliseconds: number) => ({
    title,
    work: async () => {
      await setTimeout(milliseconds);
      throw title;
    },
  });
  const fine = { title: 'fine', work: async () => 'done' };
  expect(await runTasks([failing('late', 20), failing('early', 0), fine], 2)).toEqual([
    'late',
    'early',
  ]);
  expect(lines).toEqual(['early: failed: early\n', 'fine: done\n', 'late: failed: late\n']);
});

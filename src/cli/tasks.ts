/** Progress: a live list on a terminal, plain lines elsewhere. */

import pMap from 'p-map';
import { errorsIn } from '../errors.js';
import type { Show, Task } from '../press/report/effects.js';
import { describe } from './describe.js';

/** Runs the tasks, so many at once; returns what was thrown, in the order of the tasks. */
export async function runTasks(
  tasks: readonly Task[],
  atOnce: number,
): Promise<readonly unknown[]> {
  const isLive = process.stdout.isTTY && process.env.CI === undefined;
  return isLive ? runLive(tasks, atOnce) : runPlain(tasks, atOnce);
}

async function runLive(tasks: readonly Task[], atOnce: number): Promise<readonly unknown[]> {
  const { Listr } = await import('listr2');
  const failures: unknown[][] = tasks.map(() => []);
  const list = new Listr(
    tasks.map(({ title, work }, index) => ({
      title,
      task: async (_: unknown, row: { title: string; output: string }) => {
        try {
          const done = await work((text) => {
            row.output = text;
          });
          row.title = `${title}: ${done}`;
        } catch (error) {
          failures[index]?.push(error);
          row.title = `${title}: ${failed(error)}`;
          throw error;
        }
      },
    })),
    {
      concurrent: atOnce,
      exitOnError: false,
      // The command has its own answer to an interruption.
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false },
    },
  );
  await list.run();
  return failures.flat();
}

async function runPlain(tasks: readonly Task[], atOnce: number): Promise<readonly unknown[]> {
  const run = async ({ title, work }: Task): Promise<unknown[]> => {
    const say = (text: string) => process.stdout.write(`${title}: ${text}\n`);
    try {
      say(await work(seldom(say)));
      return [];
    } catch (error) {
      say(failed(error));
      return [error];
    }
  };
  return (await pMap(tasks, run, { concurrency: atOnce })).flat();
}

/** Said at once: the others may run for half an hour before all failures are listed. */
function failed(error: unknown): string {
  const lines = errorsIn(error).map((one) => describe(one, false));
  return `failed: ${lines.join(' ')}`;
}

const PASSING_MS = 10_000;

/** Passing news at most every 10 s: a log is read later. */
function seldom(say: (text: string) => void): Show {
  let last = performance.now();
  return (text, passing) => {
    if (passing && performance.now() - last < PASSING_MS) return;
    last = performance.now();
    say(text);
  };
}

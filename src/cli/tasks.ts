/** Progress: a live list on a terminal, plain lines elsewhere. */

import type { Show, Task } from '../press/report/effects.js';

/** Runs the tasks one after the other; returns what was thrown. */
export async function runTasks(tasks: readonly Task[]): Promise<readonly unknown[]> {
  return process.stdout.isTTY && process.env.CI === undefined ? runLive(tasks) : runPlain(tasks);
}

async function runLive(tasks: readonly Task[]): Promise<readonly unknown[]> {
  const { Listr } = await import('listr2');
  const failures: unknown[] = [];
  const list = new Listr(
    tasks.map(({ title, work }) => ({
      title,
      task: async (_: unknown, row: { title: string; output: string }) => {
        try {
          const done = await work((text) => {
            row.output = text;
          });
          row.title = `${title}: ${done}`;
        } catch (error) {
          failures.push(error);
          throw error;
        }
      },
    })),
    {
      concurrent: false,
      exitOnError: false,
      // The command has its own answer to an interruption.
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false },
    },
  );
  await list.run();
  return failures;
}

async function runPlain(tasks: readonly Task[]): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const { title, work } of tasks) {
    const say = (text: string) => process.stdout.write(`${title}: ${text}\n`);
    try {
      say(await work(seldom(say)));
    } catch (error) {
      failures.push(error);
      say('failed');
    }
  }
  return failures;
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

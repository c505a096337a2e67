/** How the bench measures: whole processes, in turn, and their medians. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const root = fileURLToPath(new URL('..', import.meta.url));
export const RUNS = 5;

/** How long a process takes.
 *  @param {string} command @param {string[]} args @param {import('node:child_process').ExecFileOptions} [options] */
export async function seconds(command, args, options = {}) {
  const start = performance.now();
  await run(command, args, { maxBuffer: 2 ** 28, ...options });
  return (performance.now() - start) / 1000;
}

/** What a process printed as JSON.
 *  @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 *  @returns {Promise<any>} */
export async function printed(command, args, env) {
  const { stdout } = await run(command, args, { env: { ...process.env, ...env } });
  return JSON.parse(String(stdout));
}

/** @param {number[]} values */
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** @param {number[]} values */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param {number[]} values */
export const summary = (values) => ({
  median: round(median(values)),
  low: round(Math.min(...values)),
  high: round(Math.max(...values)),
});

/** @param {number} value */
export const round = (value) => Number(value.toFixed(3));

/** @param {{[key: string]: unknown}} figure */
export const print = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

/** What each gives in each round, A B C A B C …, so that a noisy machine troubles all alike.
 *  @template T @template {string} Name
 *  @param {{ readonly [name in Name]: (round: number) => Promise<T> }} runners
 *  @returns {Promise<{ [name in Name]: T[] }>} */
export async function inTurn(runners, rounds = RUNS) {
  const names = /** @type {Name[]} */ (Object.keys(runners));
  const lists = names.map((name) => [name, /** @type {T[]} */ ([])]);
  const found = /** @type {{ [name in Name]: T[] }} */ (Object.fromEntries(lists));
  for (let i = 0; i < rounds; i++) {
    for (const name of names) found[name].push(await runners[name](i));
  }
  return found;
}

/** Ours and a peer's in turn, after one warm-up of each.
 *  @param {() => Promise<number>} ours @param {() => Promise<number>} peer */
export async function sideBySide(ours, peer) {
  await ours();
  await peer();
  return compared(await inTurn({ ours, peer }));
}

/** The ratio is the median of ours / peer, round by round.
 *  @param {{ ours: number[], peer: number[] }} values */
export function compared({ ours, peer }) {
  const ratios = ours.map((x, i) => x / (peer[i] ?? Number.NaN));
  return { ours: summary(ours), peer: summary(peer), ratio: round(median(ratios)) };
}

/** Gives the work a temporary folder, and removes it whatever happens.
 *  @param {(folder: string) => Promise<void>} work */
export async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RobustTraining } from '../../src/index.js';
import { isAlive } from '../is-alive.js';
import { built, type Program, startProgram } from './program.js';

/** Trainings run in processes of the built package. */
const PROLOGUE = `
import { createHash } from 'node:crypto';
import { mnist, robustModel, robustModels, startEngine } from ${built('index.js')};
await startEngine();
const { train } = await mnist({ train: 200, test: 0 });
const bits = ({ weights, key, epochLoss, snapshots = [] }) => {
  const hash = createHash('sha256');
  for (const weight of Object.values(weights)) hash.update(weight.dataSync());
  for (const { weights } of snapshots) hash.update(weights.w1.dataSync());
  const steps = snapshots.map(({ step }) => step);
  return { key, epochLoss, steps, weights: hash.digest('hex') };
};
const print = (value) => process.stdout.write(JSON.stringify(value));
`;

const started = (code: string, env: { readonly [name: string]: string }): Program =>
  startProgram(PROLOGUE + code, env);

const program = (code: string, env: { readonly [name: string]: string }): Promise<unknown> =>
  started(code, env).result;

const newCache = (): Promise<string> => mkdtemp(join(tmpdir(), 'robust-'));

const TRAINING: RobustTraining = {
  scale: 1,
  inner: 'pgd',
  attack: { eps: 0.1, alpha: 0.05, steps: 2, ramp: 3 },
  epochs: 1,
  batchSize: 50,
  lr: 1e-3,
  seed: 1,
};
const SIDE_BY_SIDE = [
  TRAINING,
  { ...TRAINING, inner: 'natural' as const },
  { ...TRAINING, seed: 2, snapshotEvery: 2 },
];
const models = (trainings: readonly RobustTraining[]): string =>
  `robustModels(${JSON.stringify(trainings)}, train)`;

describe('robustModels', () => {
  const code = `print((await ${models(SIDE_BY_SIDE)}).map(bits));`;
  let cache: string;
  let together: unknown;

  beforeAll(async () => {
    cache = await newCache();
    together = await program(code, { MARGINALIA_CACHE: cache });
  });

  it('gives the bits of each training alone on one thread', async () => {
    const alone = `
      const all = [];
      for (const one of ${JSON.stringify(SIDE_BY_SIDE)}) all.push(bits(await robustModel(one, train)));
      print(all);`;
    const env = { MARGINALIA_CACHE: await newCache(), TF_NUM_INTRAOP_THREADS: '1' };
    expect(await program(alone, env)).toEqual(together);
    expect(new Set((together as { key: string }[]).map(({ key }) => key)).size).toBe(3);
    expect((together as { steps: number[] }[])[2]?.steps).toEqual([2, 4]);
  });

  it('takes them from the cache the next time', async () => {
    // With no process to be had only the cache can answer.
    const again = `process.execPath = '/nowhere';\n${code}`;
    expect(await program(again, { MARGINALIA_CACHE: cache })).toEqual(together);
    const unfinished = join(cache, 'trained', 'unfinished');
    expect(await readdir(unfinished).catch(() => [])).toEqual([]);
  });

  it('names a training that fails', async () => {
    const odd = `
      const part = train.take(100);
      await robustModels([${JSON.stringify(TRAINING)}], part).catch(({ message }) => print(message));`;
    expect(await program(odd, { MARGINALIA_CACHE: await newCache() })).toBe(
      'expected the training of cap-1 (pgd, seed 1) to finish, got: expected digits as mnist({ train }) loads them, got a part or a change of them',
    );
  });

  const linux = process.platform === 'linux';

  it.skipIf(!linux)('names a process that is killed, and ends the others', async () => {
    const long = SIDE_BY_SIDE.map((one) => ({ ...one, epochs: 10_000 }));
    const code = `await ${models(long)}.catch(({ message }) => print(message));`;
    const { process: parent, result } = started(code, { MARGINALIA_CACHE: await newCache() });
    const workers = await until(() => childrenOf(parent.pid), Math.min(2, availableParallelism()));
    process.kill(workers[0] as number, 'SIGKILL');
    expect(await result).toMatch(
      /^expected the training of cap-1 \(\w+, seed \d\) to finish, got: its end by SIGKILL$/,
    );
    for (const worker of workers) expect(isAlive(worker)).toBe(false);
  });

  it.skipIf(!linux)('leaves no process behind when its own is killed', async () => {
    const code = `await ${models([{ ...TRAINING, epochs: 10_000 }])};`;
    const { process: parent, result } = started(code, { MARGINALIA_CACHE: await newCache() });
    const [worker] = (await until(() => childrenOf(parent.pid), 1)) as [number];
    await setTimeout(1_500); // the worker trains
    parent.kill('SIGKILL');
    await expect(result).rejects.toThrow();
    await until(() => (isAlive(worker) ? [] : [worker]), 1);
  });
});

async function until(look: () => number[], count: number): Promise<number[]> {
  for (;;) {
    const found = look();
    if (found.length >= count) return found;
    await setTimeout(50);
  }
}

function childrenOf(parent: number | undefined): number[] {
  const isChild = (pid: string): boolean => {
    try {
      const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      return after?.split(' ')[1] === String(parent);
    } catch {
      return false; // gone meanwhile
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isChild(name))
    .map(Number);
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { built, startProgram } from './program.js';

/** Processes of the built package, as a notebook starts them. */
const PROLOGUE = `
import * as lab from ${built('index.js')};
import { redirectTo } from ${built('lab/publish.js')};
await lab.startEngine();
const print = (value) => process.stdout.write(JSON.stringify(value));
const refused = (promise) => promise.then(() => 'done', ({ message }) => message);
`;

let cache: string;

const program = (code: string): Promise<unknown> =>
  startProgram(PROLOGUE + code, { MARGINALIA_CACHE: cache }).result;

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'apart-'));
});

it('computes with the lab and the attacks, and copies what goes in and comes out', async () => {
  const code = `
    const given = { places: Int32Array.of(3, 4), name: 'a' };
    const work = async (lab, { places, name }) => {
      const { test } = await lab.mnist({ train: 0, test: 5 });
      return { name, pid: process.pid, y: places.map((i) => test.y[i]), threads: lab.currentEngine().threads, attack: typeof lab.fgsm };
    };
    const { pid, y, ...rest } = await lab.apart(work, given);
    const isSame = rest.threads === lab.currentEngine().threads;
    print([rest.name, pid !== process.pid, y instanceof Int32Array, [...y], isSame, rest.attack]);`;
  expect(await program(code)).toEqual(['a', true, true, [0, 4], true, 'function']);
});

it('leaves what it trains in the cache, and names it in the colophon', async () => {
  const code = `
    const plan = { epochs: 1, seed: 1 };
    const work = async (lab, plan) => {
      const { train } = await lab.mnist({ train: 100, test: 0 });
      await lab.trained(lab.softmaxRegression(), train, plan);
    };
    const told = [];
    redirectTo(({ metadata }) => told.push(metadata.marginalia));
    await lab.apart(work, plan);
    const kinds = told.map(({ kind }) => kind);
    const { train } = await lab.mnist({ train: 100, test: 0 });
    await lab.trained(lab.softmaxRegression(), train, plan);
    print([told.filter(({ kind }) => kind === 'training'), kinds]);`;
  const [trainings, kinds] = (await program(code)) as [{ seconds: number }[], string[]];
  expect(trainings).toHaveLength(2);
  expect(trainings[0]).toEqual(trainings[1]); // also the seconds: it was not trained again
  expect(kinds).toContain('source');
});

it('says what went wrong there, also to who asks later', async () => {
  const code = `
    const outside = 1;
    const early = lab.apart(() => { throw new Error('no digits'); }, null);
    const messages = [
      await refused(lab.apart(() => outside, null)),
      await refused(lab.apart((lab) => lab.value('a', 1), null)),
      await refused(lab.apart(() => process.kill(process.pid, 'SIGKILL'), null)),
    ];
    print([await refused(early), ...messages]);`;
  const reasons = [
    'no digits',
    'outside is not defined',
    'expected work apart to show nothing, got a value',
    'its end by SIGKILL',
  ];
  expect(await program(code)).toEqual(
    reasons.map((reason) => `expected the work apart to finish, got: ${reason}`),
  );
});

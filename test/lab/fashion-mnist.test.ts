import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOTHES, fashionMnist, startEngine } from '../../src/lab/index.js';
import { type Bundle, redirectTo } from '../../src/lab/publish.js';

const SOURCE = join(
  dirname(createRequire(import.meta.url).resolve('fashion-mnist/package.json')),
  'src/clothes',
);

/** The images of one class as the file has them; class 0 has two empty ones. */
async function inFile(label: number): Promise<number[][]> {
  const { data } = JSON.parse(await readFile(join(SOURCE, `${label}.json`), 'utf8'));
  return data.filter((image: number[]) => image.length > 0);
}

beforeAll(async () => {
  await startEngine();
});

describe('fashionMnist', () => {
  it('gives the classes in turn, each pixel where the file has it', async () => {
    const { train, test } = await fashionMnist({ train: 25, test: 13 });
    expect([test.x.shape, train.x.shape, test.classes]).toEqual([
      [13, 28, 28, 1],
      [25, 28, 28, 1],
      10,
    ]);
    expect([...test.y]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
    const shirts = await inFile(0);
    const boots = await inFile(9);
    const pixels = async (x: tf.Tensor, i: number): Promise<number[]> => [
      ...(await tf.round(tf.mul(tf.slice(x, i, 1), 255)).data()),
    ];
    expect(await pixels(test.x, 0)).toEqual(shirts[0]);
    expect(await pixels(test.x, 10)).toEqual(shirts[1]);
    expect(await pixels(test.x, 9)).toEqual(boots[0]);
    expect(await pixels(train.x, 20)).toEqual(shirts[1002]);
    expect(await pixels(train.x, 19)).toEqual(boots[1001]);
  });

  it('is the first release: 43 and 1 images occur twice, 10 in both parts', async () => {
    const { train, test } = await fashionMnist();
    expect([train.size, test.size]).toEqual([60_000, 10_000]);
    const images = async ({ x, size }: typeof train): Promise<string[]> => {
      const bytes = Buffer.from(new Uint8Array(await tf.round(tf.mul(x, 255)).data()));
      return Array.from({ length: size }, (_, i) =>
        bytes.toString('latin1', 784 * i, 784 * (i + 1)),
      );
    };
    const [trained, tested] = [await images(train), await images(test)];
    const [a, b] = [new Set(trained), new Set(tested)];
    expect([60_000 - a.size, 10_000 - b.size]).toEqual([43, 1]);
    expect([...b].filter((image) => a.has(image))).toHaveLength(10);
    const counts = CLOTHES.map((_, label) => train.y.filter((y) => y === label).length);
    expect(counts).toEqual(new Array(10).fill(6000));
    tf.dispose([train.x, test.x]);
  });

  it('names its files in one line, with their hash', async () => {
    const sent: Bundle[] = [];
    const restore = redirectTo((bundle) => sent.push(bundle));
    await fashionMnist({ train: 0, test: 1 });
    restore();
    expect(sent.map((bundle) => bundle.metadata.marginalia)).toEqual([
      {
        kind: 'source',
        name: '0.json to 9.json',
        detail: 'Fashion-MNIST, first release',
        sha256: expect.stringMatching(/^3dba6579/),
      },
    ]);
  });

  it('refuses more images than there are', async () => {
    await expect(fashionMnist({ train: 60_001 })).rejects.toThrow(
      /expected 0 to 60000 images of Fashion-MNIST training, got 60001/,
    );
  });
});

describe('fashionMnist refuses a folder', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fashion-'));
    await cp(SOURCE, folder, { recursive: true });
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('with one other byte', async () => {
    const file = join(folder, '9.json');
    const bytes = await readFile(file);
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
    await rm(file);
    await writeFile(file, bytes);
    await expect(fashionMnist({ train: 0, test: 1, folder })).rejects.toThrow(
      /expected SHA-256 3dba6579\w+ of .*0\.json to .*9\.json, got (?!3dba6579)\w{64}/,
    );
  });

  it('without a file', async () => {
    await rm(join(folder, '4.json'));
    await expect(fashionMnist({ folder })).rejects.toThrow(
      /expected the file 4\.json in .*got none/,
    );
  });
});

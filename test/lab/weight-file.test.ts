import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Architecture,
  cwCnn,
  linearModel,
  loadClassifier,
  logisticRegression,
  madryCnn,
  mlp,
  modelOf,
  random,
  saveClassifier,
  startEngine,
  startWeights,
} from '../../src/lab/index.js';

let folder: string;
let file: string;

beforeAll(async () => {
  await startEngine();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'));
  file = join(folder, 'model.safetensors');
});

/** A file as the format's description says, without our writer. */
async function write(header: object, numbers: Buffer): Promise<void> {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.from([json.length & 0xff, json.length >> 8, 0, 0, 0, 0, 0, 0]);
  await writeFile(file, Buffer.concat([length, json, numbers]));
}

const ENTRY = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
const BIAS = { dtype: 'F32', shape: [], data_offsets: [8, 12] };
/** 1, −2 and 0.5 in 32 bits, little-endian. */
const NUMBERS = Buffer.from('0000803f000000c00000003f', 'hex');

describe('saveClassifier and loadClassifier', () => {
  it.each([madryCnn(1), cwCnn()] as Architecture[])(
    'bring the same weights of $name back',
    async (architecture) => {
      const model = modelOf(architecture, startWeights(architecture, random(1)));
      await saveClassifier(file, model);
      const again = await loadClassifier(file, architecture);
      expect(Object.keys(again.weights)).toEqual(Object.keys(model.weights));
      for (const [name, weight] of Object.entries(model.weights)) {
        expect(again.weights[name]?.shape).toEqual(weight.shape);
        expect(await again.weights[name]?.data()).toEqual(await weight.data());
      }
      expect(await readdir(folder)).toEqual(['model.safetensors']);
    },
  );

  it('write what the format says', async () => {
    await saveClassifier(file, linearModel([1, -2], 0.5));
    const bytes = await readFile(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { architecture: 'logistic-2' },
      w: ENTRY,
      b: BIAS,
    });
    expect(bytes.subarray(8 + length).toString('hex')).toBe(NUMBERS.toString('hex'));
  });

  it('read a file that another tool wrote, tensors in any order, without metadata', async () => {
    await write({ b: BIAS, w: ENTRY }, NUMBERS);
    const { weights } = await loadClassifier(file, logisticRegression(2));
    expect(await weights.w.data()).toEqual(Float32Array.from([1, -2]));
    expect(await weights.b.data()).toEqual(Float32Array.from([0.5]));
  });

  it('read a network from PyTorch, which gives the same logits', async () => {
    const reference = join(import.meta.dirname, '..', 'reference');
    const { x, logits } = JSON.parse(await readFile(join(reference, 'weights.json'), 'utf8'));
    const model = await loadClassifier(join(reference, 'weights.safetensors'), madryCnn(1));
    const Z = model.logits(tf.tensor4d(x, [3, 28, 28, 1]));
    expect(tf.max(tf.abs(tf.sub(Z, tf.reshape(logits, [3, 10])))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('leave only the weights in memory', async () => {
    const model = linearModel([1, -2], 0.5);
    const count = tf.memory().numTensors;
    await saveClassifier(file, model);
    expect(tf.memory().numTensors).toBe(count);
    await loadClassifier(file, logisticRegression(2));
    expect(tf.memory().numTensors).toBe(count + 2);
  });
});

describe('loadClassifier refuses', () => {
  const load = () => loadClassifier(file, logisticRegression(2));

  it('a missing file', async () => {
    await expect(load()).rejects.toThrow(/expected a file of weights, got none at .*model/);
  });

  it('a file cut off anywhere', async () => {
    await write({ w: ENTRY, b: BIAS }, NUMBERS);
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.subarray(0, length));
      await expect(load()).rejects.toThrow(/^expected (a safetensors file|tensor [wb] up to byte)/);
    }
  });

  it('bytes after the last tensor', async () => {
    await write({ w: ENTRY, b: BIAS }, Buffer.concat([NUMBERS, Buffer.alloc(4)]));
    await expect(load()).rejects.toThrow(/expected 12 bytes of numbers, got 16/);
  });

  it('another format', async () => {
    await writeFile(file, 'PK\u0003\u0004 a PyTorch file of the usual kind, zipped');
    await expect(load()).rejects.toThrow(/expected a safetensors file/);
  });

  it('other numbers than 32-bit floats', async () => {
    await write({ w: { dtype: 'F16', shape: [4], data_offsets: [0, 8] }, b: BIAS }, NUMBERS);
    await expect(load()).rejects.toThrow(/32-bit floats \(F32\) in tensor w, got F16/);
  });

  it('a header that contradicts itself', async () => {
    await write({ w: { ...ENTRY, shape: [3] }, b: BIAS }, NUMBERS);
    await expect(load()).rejects.toThrow(/expected 12 bytes for tensor w of \[3\], got 0,8/);
  });

  it('missing and unknown tensors', async () => {
    await write({ w: ENTRY }, NUMBERS.subarray(0, 8));
    await expect(load()).rejects.toThrow(/expected tensors w, b, got w/);
    await write({ w: ENTRY, bias: BIAS }, NUMBERS);
    await expect(load()).rejects.toThrow(/expected tensors w, b, got w, bias/);
  });

  it('another shape, with a word on PyTorch', async () => {
    const { layout, ...rest } = mlp(3, 2);
    const turned = { ...rest, layout: { ...layout, w1: { ...layout.w1, shape: [3, 4] } } };
    await saveClassifier(file, modelOf(turned, startWeights(turned, random(1))));
    const error = await loadClassifier(file, mlp(3, 2)).catch((caught) => caught);
    expect(error.message).toBe('expected w1 of mlp-3-2x2 to be [4,3], got [3,4]');
    expect(error.hint).toMatch(/weight\.T\.contiguous\(\)/);
    expect(error.where).toEqual({ file });
  });

  it('another shape after a convolution, with the order of its inputs', async () => {
    const { layout, ...rest } = madryCnn(1);
    const turned = { ...rest, layout: { ...layout, w3: { ...layout.w3, shape: [64, 196] } } };
    await saveClassifier(file, modelOf(turned, startWeights(turned, random(1))));
    const error = await loadClassifier(file, madryCnn(1)).catch((caught) => caught);
    expect(error.message).toBe('expected w3 of cap-1 to be [196,64], got [64,196]');
    expect(error.hint).toMatch(/\.permute\(2, 3, 1, 0\)\.reshape\(-1, outputs\)/);
  });

  it('weights of another architecture, and weights that are not finite', async () => {
    await saveClassifier(file, linearModel([1, 2, 3], 0));
    await expect(load()).rejects.toThrow(/weights of logistic-2, got weights of logistic-3/);
    await saveClassifier(file, linearModel([1, Number.NaN], 0));
    await expect(load()).rejects.toThrow(/expected finite numbers in w of logistic-2, got NaN/);
  });
});

it('saveClassifier says where it could not write', async () => {
  const path = join(folder, 'absent', 'model.safetensors');
  await expect(saveClassifier(path, linearModel([1], 0))).rejects.toThrow(/absent.*got ENOENT/);
});

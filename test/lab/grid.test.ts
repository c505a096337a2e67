import * as tf from '@tensorflow/tfjs-core';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  evaluate,
  greyImage,
  logisticRegression,
  modelOf,
  pictures,
  signedImage,
  startEngine,
  triples,
} from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

function pixels(png: string) {
  const { width, height, channels, depth, data } = decode(Buffer.from(png, 'base64'));
  return { width, height, channels, depth, data: [...data] };
}

describe('small images', () => {
  it('grey: one byte a pixel, cut to the range', () => {
    const { png, width, height } = greyImage([0, 0.5, 1, -3, 2, 0.2], 3);
    expect([width, height]).toEqual([3, 2]);
    const data = [0, 128, 255, 0, 255, 51];
    expect(pixels(png)).toEqual({ width: 3, height: 2, channels: 1, depth: 8, data });
  });

  it('signed: blue, white, vermilion', () => {
    const { png } = signedImage([-0.25, 0, 0.25, 9], 4, 0.25);
    const data = [0, 0x72, 0xb2, 255, 255, 255, 0xd5, 0x5e, 0, 0xd5, 0x5e, 0];
    expect(pixels(png)).toMatchObject({ width: 4, height: 1, channels: 3, data });
  });

  it('as addresses that hold them', async () => {
    const x = tf.tensor4d([0, 1, 1, 0, 0, 0, 0, 0], [2, 2, 2, 1]);
    const [first, second] = (await pictures(x)) as [string, string];
    const start = 'data:image/png;base64,';
    expect(first.startsWith(start)).toBe(true);
    expect(pixels(first.slice(start.length)).data).toEqual([0, 255, 255, 0]);
    expect(pixels(second.slice(start.length)).data).toEqual([0, 0, 0, 0]);
  });

  it('refuses half a row and a range of nothing', () => {
    expect(() => greyImage([0, 1, 2], 2)).toThrow(/whole rows of 2 pixels, got 3/);
    expect(() => signedImage([0], 1, 0)).toThrow(/range above 0, got 0/);
  });
});

describe('triples', () => {
  it('are rows of clean, perturbation and adversarial image with what the model says', async () => {
    const model = modelOf(logisticRegression([2, 2, 1]), {
      w: tf.tensor1d([4, 4, 4, 4]),
      b: tf.scalar(-8),
    });
    const x = tf.stack([tf.zeros([2, 2, 1]), tf.fill([2, 2, 1], 0.25)]);
    const xAdv = tf.add(x, 0.5);
    const y = [0, 0];
    const [clean, adversarial] = [await evaluate(model, x, y), await evaluate(model, xAdv, y)];
    const made = await triples({ x, xAdv, y, clean, adversarial, eps: 0.5, indices: [1] });
    expect(made.signs).toEqual(['+', '=']);
    const [[before, change, after] = []] = made.rows;
    expect(before).toMatchObject({ above: 'label 0', below: '0, 98.2\u202f%', wrong: false });
    expect(change).toMatchObject({ below: '±0.5' });
    expect(after).toMatchObject({ below: '1, 98.2\u202f%', wrong: true });
    expect(pixels(after?.png ?? '').data).toEqual([191, 191, 191, 191]);
    expect(pixels(change?.png ?? '').data.slice(0, 3)).toEqual([0xd5, 0x5e, 0]);
  });
});

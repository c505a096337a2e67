import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { normalTensor, startEngine } from '../../src/lab/index.js';
import { compute, float32As, numbersAs, textAs } from '../../src/lab/native-kernels.js';

beforeAll(async () => {
  await startEngine();
});

describe('the gradient of ReLU', () => {
  const x = () => tf.tensor1d([-2, -1e-30, 0, 1e-30, 3]);

  it('is 1 above zero, and 0 at zero and below', () => {
    const slope = tf.grad((z) => tf.sum(tf.mul(tf.relu(z), [1, 2, 3, 4, 5])))(x());
    expect([...slope.dataSync()]).toEqual([0, 0, 0, 4, 5]);
  });

  it('has a gradient itself', () => {
    // f = Σ relu(z)³, f' = 3 relu(z)², f'' = 6 relu(z)
    const slope = tf.grad((z) => tf.sum(tf.pow(tf.relu(z), 3)));
    const curvature = tf.grad((z) => tf.sum(slope(z)))(tf.tensor1d([-1, 0.5, 2]));
    expect([...curvature.dataSync()]).toEqual([0, 3, 12]);
  });

  it('is one kernel', async () => {
    const { kernelNames } = await tf.profile(() => tf.grad((z) => tf.sum(tf.relu(z)))(x()));
    expect(kernelNames).toContain('ReluGrad');
    expect(kernelNames).not.toContain('Step');
  });
});

type Pooling = [size: number, strides: number, pad: 'same' | 'valid'];

const POOLINGS: Pooling[] = [
  [2, 2, 'same'],
  [2, 2, 'valid'],
  [3, 2, 'same'],
  [3, 1, 'valid'],
];

/** As TensorFlow's own kernels want it. */
const settingOf = ([size, strides, pad]: Pooling) => [
  float32As('T'),
  numbersAs('ksize', [1, size, size, 1]),
  numbersAs('strides', [1, strides, strides, 1]),
  textAs('padding', pad.toUpperCase()),
  textAs('data_format', 'NHWC'),
];

describe('max pooling', () => {
  const pool = (x: tf.Tensor4D, [size, strides, pad]: Pooling) => tf.maxPool(x, size, strides, pad);
  const own = (x: tf.Tensor4D, pooling: Pooling) => compute('MaxPool', settingOf(pooling), [x]);

  it.each(POOLINGS)(
    "squares of side %d, one at every place of %d, %s, is TensorFlow's",
    (...pooling) => {
      const x = normalTensor([3, 9, 7, 5], 21) as tf.Tensor4D;
      expect(pool(x, pooling).shape).toEqual(own(x, pooling).shape);
      expect(pool(x, pooling).dataSync()).toEqual(own(x, pooling).dataSync());
    },
  );

  it("is TensorFlow's where a number is none", () => {
    const odd = [
      [NaN, NaN, NaN, NaN],
      [NaN, 1, 2, NaN],
      [-Infinity, Infinity, 0, -0],
    ];
    for (const numbers of odd) {
      const x = tf.tensor4d(numbers, [1, 2, 2, 1]);
      expect(pool(x, [2, 2, 'valid']).dataSync()).toEqual(own(x, [2, 2, 'valid']).dataSync());
    }
  });

  it('notes no places that stay behind', () => {
    const x = tf.zeros([2, 4, 4, 3]) as tf.Tensor4D;
    const before = tf.memory().numTensors;
    pool(x, [2, 2, 'valid']).dispose();
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });

  it("refuses what TensorFlow's refuses", () => {
    const x = tf.zeros([1, 4, 4, 3]) as tf.Tensor4D;
    expect(() => tf.maxPool(x, 2, 2, 1)).toThrow(/only 'valid' and 'same' padding/);
  });

  it('takes whole numbers, and no images', () => {
    const whole = pool(tf.tensor4d([1, 4, 3, 2], [1, 2, 2, 1], 'int32'), [2, 2, 'valid']);
    expect([...whole.dataSync()]).toEqual([4]);
    expect(pool(tf.zeros([0, 4, 4, 3]), [2, 2, 'valid']).shape).toEqual([0, 2, 2, 3]);
  });

  it("is oneDNN's", () => {
    const backend = tf.backend() as unknown as {
      executeMultipleOutputs(name: string): tf.Tensor[];
    };
    const run = vi.spyOn(backend, 'executeMultipleOutputs');
    pool(tf.zeros([1, 4, 4, 3]), [2, 2, 'valid']);
    expect(run.mock.calls.map(([name]) => name)).toEqual(['_MklNativeMaxPool']);
    run.mockRestore();
  });
});

describe('the gradient of max pooling', () => {
  /** Of the sum of v · pool(x) by both ways. */
  function both(x: tf.Tensor4D, [size, strides, pad]: Pooling) {
    const y = tf.maxPool(x, size, strides, pad);
    const v = normalTensor(y.shape, 22) as tf.Tensor4D;
    const pooled = (at: tf.Tensor4D) => tf.maxPool(at, size, strides, pad);
    const slope = tf.grad((at: tf.Tensor) => tf.sum(tf.mul(v, pooled(at as tf.Tensor4D))))(x);
    const own = compute('MaxPoolGrad', settingOf([size, strides, pad]), [x, y, v]);
    return { slope: slope.dataSync(), own: own.dataSync() };
  }

  it.each(POOLINGS)('squares of side %d, one at every place of %d, %s', (...pooling) => {
    const { slope, own } = both(normalTensor([3, 9, 7, 5], 21) as tf.Tensor4D, pooling);
    if (pooling[0] === pooling[1]) expect(slope).toEqual(own);
    // Where squares overlap, the order of the sums may differ.
    slope.forEach((number, i) => {
      expect(number).toBeCloseTo(own[i] as number, 5);
    });
  });

  it('goes to the first of equal numbers', () => {
    const { slope, own } = both(tf.zeros([2, 4, 4, 3]), [2, 2, 'valid']);
    expect(slope).toEqual(own);
    expect(slope.filter((number) => number !== 0)).toHaveLength(2 * 2 * 2 * 3);
  });

  it('is empty for no images', () => {
    const slope = tf.grad((x) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 'same')))(
      tf.zeros([0, 4, 4, 3]),
    );
    expect(slope.shape).toEqual([0, 4, 4, 3]);
  });
});

describe('a tensor that keeps its shape and its type', () => {
  const x = () => tf.tensor2d([1, 2, 3, 4], [2, 2]);
  /** How many kernels of TensorFlow run. */
  const kernelsOf = (work: () => void): number => {
    const backend = tf.backend() as unknown as { executeSingleOutput(): tf.Tensor };
    const run = vi.spyOn(backend, 'executeSingleOutput');
    work();
    const { length } = run.mock.calls;
    run.mockRestore();
    return length;
  };

  it.each([
    ['reshape', (tensor: tf.Tensor) => tf.reshape(tensor, [2, 2])],
    ['cast', (tensor: tf.Tensor) => tf.cast(tensor, 'float32')],
  ])('is not copied by %s, and outlives the tensor that it came from', (_, keep) => {
    const from = x();
    expect(kernelsOf(() => keep(from))).toBe(0);
    const kept = keep(from);
    from.dispose();
    expect([...kept.dataSync()]).toEqual([1, 2, 3, 4]);
  });

  it('is another one where shape or type change', () => {
    expect(tf.reshape(x(), [4]).shape).toEqual([4]);
    expect([...tf.cast(tf.mul(x(), 0.6), 'int32').dataSync()]).toEqual([0, 1, 1, 2]);
    expect(kernelsOf(() => tf.reshape(x(), [4]))).toBe(1);
  });
});

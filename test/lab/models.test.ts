import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Architecture,
  activations,
  cwCnn,
  fgsm,
  headOutput,
  linearModel,
  logisticRegression,
  type MlpWeights,
  madryCnn,
  maxout,
  mlp,
  mlp240,
  modelOf,
  parameterCount,
  random,
  rbf10,
  rbfNetwork,
  sigmoidMlp,
  softmaxRegression,
  startEngine,
  startWeights,
  tailOf,
  UNBOUNDED,
} from '../../src/index.js';
import { withDropout } from '../../src/lab/training/dropout.js';

beforeAll(async () => {
  await startEngine();
});

/** Weights of a network of two hidden layers, all zero but the given ones. */
function mlpWeights(architecture: Architecture<MlpWeights>, given: Partial<MlpWeights>) {
  const zeros = Object.entries(architecture.layout).map(([name, { shape }]) => [
    name,
    tf.zeros([...shape]),
  ]);
  return { ...Object.fromEntries(zeros), ...given } as MlpWeights;
}

const values = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

describe('parameter counts', () => {
  it.each([
    [softmaxRegression(), 7_850],
    [softmaxRegression(7), 500],
    [logisticRegression(784), 785],
    [mlp240(), 248_650],
    [mlp(1600), 3_833_610],
    [sigmoidMlp(), 248_650],
    // 784 · 1200 + 1200 + 240 · 1200 + 1200 + 240 · 10 + 10
    [maxout(240), 1_233_610],
    [maxout(1600), 19_104_010],
    [rbf10(), 15_680],
    [rbfNetwork(100), 157_810],
    [madryCnn(), 3_274_634],
    [madryCnn(1), 13_514],
    [madryCnn(2), 52_506],
    [madryCnn(4), 206_954],
    [madryCnn(8), 821_706],
    [cwCnn(), 312_202],
  ])('$0.name has $1', (architecture, count) => {
    expect(parameterCount(architecture)).toBe(count);
  });

  it('are those of the weights that training starts from', () => {
    const architectures: Architecture[] = [
      maxout(3, 7),
      rbf10(7),
      rbfNetwork(4, 7),
      madryCnn(1),
      cwCnn(),
    ];
    for (const architecture of architectures) {
      const weights = Object.values(startWeights(architecture, random(1)));
      expect(weights.reduce((sum, { size }) => sum + size, 0)).toBe(parameterCount(architecture));
    }
  });
});

describe('starting weights', () => {
  it('of the convolutional net are normal within two deviations, its biases 0.1', () => {
    const { w2, b3 } = startWeights(madryCnn(4), random(1));
    const drawn = values(w2);
    const largest = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.19);
    expect(largest).toBeLessThanOrEqual(0.2);
    // The deviation of a normal number cut at ±2: √(1 − 4φ(2) / (2Φ(2) − 1)) = 0.8796.
    const square = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length;
    expect(Math.sqrt(square)).toBeCloseTo(0.08796, 2);
    expect(new Set(values(b3))).toEqual(new Set([Math.fround(0.1)]));
  });

  it('of the convolutional net may be Glorot’s, with biases of 0', () => {
    const { w4, b3 } = startWeights(madryCnn(4, 'glorot'), random(1));
    const limit = Math.sqrt(6 / (256 + 10));
    const largest = values(w4).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.98 * limit);
    expect(largest).toBeLessThanOrEqual(limit);
    expect(new Set(values(b3))).toEqual(new Set([0]));
  });

  it('of the maxout net lie in ±0.005', () => {
    const { w1, b1 } = startWeights(maxout(10, 7), random(1));
    const largest = values(w1).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.0045);
    expect(largest).toBeLessThanOrEqual(0.005);
    expect(new Set(values(b1))).toEqual(new Set([0]));
  });

  it('count the inputs of a filter over its window', () => {
    const architecture = { ...madryCnn(4), layout: { w: { shape: [5, 5, 8, 16], start: 'he' } } };
    const { w } = startWeights(architecture as unknown as Architecture, random(1));
    const { variance } = tf.moments(w as tf.Tensor);
    expect(variance.dataSync()[0]).toBeCloseTo(2 / 200, 3);
  });
});

describe('maxout', () => {
  it('takes the largest of five pieces, unit by unit', () => {
    const architecture = maxout(2, 1); // one pixel, two units, ten columns
    // Piece j of unit i is column 2j + i. Unit 0 is |x − 1| at most slope 2; unit 1 is max(x, −x).
    const w1 = tf.tensor2d([[1, 1, -1, -1, 2, 0, 0, 0, 0, 0]]);
    const b1 = tf.tensor1d([-1, 0, 1, 0, -4, -9, -9, -9, -9, -9]);
    const model = modelOf(architecture, mlpWeights(architecture, { w1, b1 }));
    const h1 = headOutput(model, 'h1', tf.tensor4d([3, 0.5, -2, 5], [4, 1, 1, 1]));
    expect(h1.arraySync()).toEqual([
      [2, 3],
      [0.5, 0.5],
      [3, 2],
      [6, 5],
    ]);
  });

  it('passes its gradient to the largest piece alone', () => {
    const architecture = maxout(2, 1);
    const w1 = tf.tensor2d([[1, 1, -1, -1, 2, 0, 0, 0, 0, 0]]);
    const b1 = tf.tensor1d([-1, 0, 1, 0, -4, -9, -9, -9, -9, -9]);
    const gradient = tf.grad((w: tf.Tensor) =>
      tf.sum(
        headOutput(
          modelOf(architecture, mlpWeights(architecture, { w1: w as tf.Tensor2D, b1 })),
          'h1',
          tf.tensor4d([2], [1, 1, 1, 1]),
        ),
      ),
    )(w1);
    // Unit 0 has 1, −1, 0 and unit 1 has 2, −2 at x = 2: the first piece of each wins.
    expect(values(gradient)).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('rbf', () => {
  it('is log p = −Σ scale² (x − μ)² of each class', () => {
    const mu = tf.tensor2d(
      [...Array(4).keys()].flatMap((i) => Array(10).fill(i / 10)),
      [4, 10],
    );
    const scale = tf.tensor2d(Array(4).fill([1, 2, 3, 0, 1, 1, 1, 1, 1, 1]));
    const model = modelOf(rbf10(2), { mu, scale });
    const Z = values(model.logits(tf.tensor4d([0, 0.5, 0.5, 1], [1, 2, 2, 1])));
    // x − μ = 0, 0.4, 0.3, 0.7: squares sum to 0.74.
    for (const [k, beta] of [1, 4, 9, 0].entries()) expect(Z[k]).toBeCloseTo(-0.74 * beta, 5);
  });

  it('is sure at its centre, however the numbers round', () => {
    const draws = random(4);
    const centre = draws.uniform(784);
    const column = (all: Float32Array) => tf.tile(tf.tensor2d(all, [784, 1]), [1, 10]);
    const weights = {
      mu: column(centre) as tf.Tensor2D,
      scale: column(draws.uniform(784)) as tf.Tensor2D,
    };
    const Z = values(modelOf(rbf10(), weights).logits(tf.tensor4d(centre, [1, 28, 28, 1])));
    expect(Math.max(...Z)).toBeLessThanOrEqual(0);
    expect(Math.min(...Z)).toBeGreaterThan(-1e-3);
  });

  it('under a linear layer weighs exp(−distance)', () => {
    const mu = tf.tensor2d([[0.5]]);
    const scale = tf.tensor2d([[2]]);
    const w = tf.ones([1, 10]) as tf.Tensor2D;
    const model = modelOf(rbfNetwork(1, 1), { mu, scale, w, b: tf.fill([10], 3) as tf.Tensor1D });
    const Z = values(model.logits(tf.tensor4d([0], [1, 1, 1, 1])));
    expect(Z[7]).toBeCloseTo(3 + Math.exp(-1), 6);
  });
});

describe('the convolutional net', () => {
  it('convolves, takes ReLU and the largest of each 2 × 2 square', () => {
    const architecture = madryCnn(1);
    const weights = startWeights(architecture, random(2));
    // Only the middle of the filter counts: w · x + b.
    const w1 = tf.buffer([5, 5, 1, 2]);
    w1.set(2, 2, 2, 0, 0);
    w1.set(-1, 2, 2, 0, 1);
    const model = modelOf(architecture, { ...weights, w1: w1.toTensor() as tf.Tensor4D });
    const x = tf.buffer([1, 28, 28, 1]);
    x.set(0.25, 0, 4, 6, 0);
    x.set(1, 0, 5, 7, 0);
    const h1 = headOutput(model, 'h1', x.toTensor()).arraySync() as number[][][][];
    expect(headOutput(model, 'h1', x.toTensor()).shape).toEqual([1, 14, 14, 2]);
    expect(h1[0]?.[2]?.[3]?.[0]).toBeCloseTo(2.1, 6);
    expect(h1[0]?.[2]?.[3]?.[1]).toBeCloseTo(0.1, 6); // the two black pixels of the square win
    expect(model.logits(x.toTensor()).shape).toEqual([1, 10]);
  });
});

describe('the net of Carlini and Wagner', () => {
  it('is table I of the paper, layer by layer', () => {
    const model = modelOf(cwCnn(), startWeights(cwCnn(), random(2)));
    const { w1, w2, w3, w4, w5, w6, w7 } = model.weights;
    const x = random(4).uniform(2 * 784);
    // Filters and matrices of the table, biases 0 as they start: each line is a line of the table.
    const pool = (h: tf.Tensor4D): tf.Tensor4D => tf.maxPool(h, 2, 2, 'valid');
    let h: tf.Tensor4D = tf.relu(tf.conv2d(tf.tensor4d(x, [2, 28, 28, 1]), w1, 1, 'valid'));
    h = pool(tf.relu(tf.conv2d(h, w2, 1, 'valid')));
    h = tf.relu(tf.conv2d(h, w3, 1, 'valid'));
    h = pool(tf.relu(tf.conv2d(h, w4, 1, 'valid')));
    expect(h.shape).toEqual([2, 4, 4, 64]);
    const h5 = tf.relu(tf.matMul(tf.reshape(h, [2, 1024]), w5));
    const Z = tf.matMul(tf.relu(tf.matMul(h5, w6)), w7);
    expect(values(model.logits(tf.tensor4d(x, [2, 28, 28, 1])))).toEqual(values(Z));
  });

  it('leaves out units of its first dense layer alone while training', () => {
    const model = modelOf(cwCnn(), startWeights(cwCnn(), random(2)));
    const masked = withDropout(model, { hidden: 0.5 }, random(3));
    const x = tf.tensor4d(random(4).uniform(784), [1, 28, 28, 1]);
    const zeros = (layer: string): number => {
      const h = values(headOutput(masked, layer, x));
      return h.filter((value) => value === 0).length / h.length;
    };
    for (const layer of ['h1', 'h2', 'h3', 'h4']) {
      expect(values(headOutput(masked, layer, x))).toEqual(values(headOutput(model, layer, x)));
    }
    // ReLU leaves about half of the units at 0, and dropout half of the others.
    expect(zeros('h5')).toBeGreaterThan(0.65);
    expect(zeros('h6')).toBeLessThan(0.65);
  });
});

describe('sigmoid', () => {
  it('squashes what ReLU cuts', () => {
    const given = { w1: tf.tensor2d([[2]]), b1: tf.tensor1d([-1]) };
    const x = tf.tensor4d([0], [1, 1, 1, 1]);
    const [relu, sigmoid] = [mlp(1, 1), sigmoidMlp(1, 1)].map((net) =>
      values(headOutput(modelOf(net, mlpWeights(net, given)), 'h1', x)),
    );
    expect(relu).toEqual([0]);
    expect(sigmoid?.[0]).toBeCloseTo(1 / (1 + Math.E), 6);
  });
});

describe('a network cut at a layer', () => {
  const model = () => modelOf(mlp(6, 2), startWeights(mlp(6, 2), random(5)));

  it('gives the same logits in two parts', () => {
    const net = model();
    const x = tf.randomUniform([3, 2, 2, 1], 0, 1, 'float32', 1);
    const whole = values(net.logits(x));
    for (const layer of ['z1', 'h1', 'h2']) {
      const tail = tailOf(net, layer);
      expect(tail.inputShape).toEqual([6]);
      expect(values(tail.logits(headOutput(net, layer, x)))).toEqual(whole);
    }
    const seen = activations(net, x);
    expect(seen.map(({ layer }) => layer)).toEqual(['z1', 'h1', 'z2', 'h2', 'Z']);
    expect(values(seen[4]?.values as tf.Tensor)).toEqual(whole);
  });

  it('can be attacked above it', async () => {
    const net = model();
    const h = headOutput(net, 'h1', tf.ones([2, 2, 2, 1]));
    const { xAdv, loss } = await fgsm(tailOf(net, 'h1'), h, [1, 2], { eps: 0.1, box: UNBOUNDED });
    expect(xAdv.shape).toEqual([2, 6]);
    expect((loss[1] as number[])[0]).toBeGreaterThan((loss[0] as number[])[0] as number);
  });

  it('has no part above its logits, and no unknown layer', () => {
    expect(() => tailOf(model(), 'Z')).toThrow(/expected a layer below the logits, got Z/);
    expect(() => tailOf(model(), 'h9')).toThrow(/expected a layer of mlp-6-2x2, got "h9"/);
  });

  it('leaves no tensor behind', () => {
    const net = model();
    const x = tf.ones([1, 2, 2, 1]);
    const count = tf.memory().numTensors;
    tailOf(net, 'h1');
    tf.dispose(activations(net, x).map((seen) => seen.values));
    headOutput(net, 'h2', x).dispose();
    net.logits(x).dispose();
    expect(tf.memory().numTensors).toBe(count);
  });
});

it('a linear model is plain numbers', () => {
  expect(values(linearModel([3, -1], 2).logits(tf.tensor2d([[1, 1]])))).toEqual([0, 4]);
});

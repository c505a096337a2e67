import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  fgsm,
  fgsmMix,
  headOutput,
  hiddenMix,
  type LinearWeights,
  l1Decay,
  l2Decay,
  linearModel,
  logisticRegression,
  type Model,
  meanCrossEntropy,
  mlp,
  modelOf,
  type Objective,
  random,
  rbf10,
  sigmoidMlp,
  signNoiseMix,
  startEngine,
  startWeights,
  tailOf,
  UNBOUNDED,
  uniformNoiseMix,
  unitCrossEntropy,
  type Weights,
  worstCaseTraining,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

const W = [0.4, -1.1, 0.7];
const B = 0.2;
const X = [
  [0.1, 0.6, 0.9],
  [0.8, 0.3, 0.2],
  [0.5, 0.5, 0.4],
];
const Y = [1, 0, 0];
const EPS = 0.25;

const softplus = (z: number): number => Math.log1p(Math.exp(z));
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value of an objective as training takes it. */
function lossOfBatch<T extends Weights>(
  objective: Objective<T>,
  model: Model<T>,
  x: tf.Tensor,
  labels: readonly number[],
): number {
  return tf.tidy(() => {
    const y = tf.tensor1d([...labels], 'int32');
    const prepared = objective.prepare?.(model, x, y, random(1)) ?? x;
    return objective.loss(model, x, y, prepared).dataSync()[0] as number;
  });
}

const linear = () => linearModel(W, B);
const linearX = () => tf.tensor2d(X);

/** −y(wᵀx + b) of each row, with y = ±1. */
const negativeMargins = X.map((x, i) => {
  const z = x.reduce((sum, value, j) => sum + value * (W[j] as number), B);
  return Y[i] === 1 ? -z : z;
});

describe('FGSM mix', () => {
  it.each([0, 0.5, 0.8, 1])('is the closed form on a linear model, alpha %d', (alpha) => {
    const size = W.reduce((sum, w) => sum + Math.abs(w), 0);
    const clean = average(negativeMargins.map(softplus));
    const worst = average(negativeMargins.map((m) => softplus(m + EPS * size)));
    const mix = fgsmMix({ eps: EPS, alpha, clip: false });
    expect(lossOfBatch(mix, linear(), linearX(), Y)).toBeCloseTo(
      alpha * clean + (1 - alpha) * worst,
      6,
    );
    const exact = worstCaseTraining(EPS);
    expect(lossOfBatch(exact, linear(), linearX(), Y)).toBeCloseTo(worst, 6);
  });

  it('takes its images as constants: no gradient flows through the sign', () => {
    const y = tf.tensor1d(Y, 'int32');
    const objective = fgsmMix({ eps: EPS, alpha: 0, clip: false });
    const { w, b } = linear().weights;
    const moved = objective.prepare?.(linear(), linearX(), y, random(1)) as tf.Tensor;
    const gradient = tf.grad((all: tf.Tensor) => {
      const model = modelOf(logisticRegression(3), { w: all as tf.Tensor1D, b });
      return objective.loss(model, linearX(), y, moved);
    })(w);
    // ∂/∂w of ζ(−y(wᵀx̃ + b)) with x̃ = x − yε sign w fixed: −y σ(…) x̃.
    const expected = W.map((_, j) =>
      average(
        X.map((x, i) => {
          const sign = Y[i] === 1 ? 1 : -1;
          const at = x.map((value, k) => value - sign * EPS * Math.sign(W[k] as number));
          const z = at.reduce((sum, value, k) => sum + value * (W[k] as number), B);
          return -sign * sigmoid(-sign * z) * (at[j] as number);
        }),
      ),
    );
    for (const [j, value] of gradient.dataSync().entries()) {
      expect(value).toBeCloseTo(expected[j] as number, 5);
    }
  });

  it('has the gradient of its central differences with the images held', () => {
    const architecture = sigmoidMlp(5, 2); // smooth, unlike ReLU
    const weights = startWeights(architecture, random(8));
    const x = tf.tensor4d(random(9).uniform(12), [3, 2, 2, 1]);
    const y = tf.tensor1d([1, 4, 9], 'int32');
    const objective = fgsmMix({ eps: 0.1 });
    const moved = objective.prepare?.(modelOf(architecture, weights), x, y, random(1)) as tf.Tensor;
    const loss = (w2: tf.Tensor): tf.Scalar =>
      objective.loss(modelOf(architecture, { ...weights, w2: w2 as tf.Tensor2D }), x, y, moved);
    const gradient = tf.grad(loss)(weights.w2).dataSync();
    const start = weights.w2.dataSync();
    for (let i = 0; i < 20; i++) {
      const at = (shift: number): number => {
        const changed = Float32Array.from(start);
        changed[i] = (changed[i] as number) + shift;
        return loss(tf.tensor2d(changed, [5, 5])).dataSync()[0] as number;
      };
      expect(gradient[i]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 3);
    }
  });

  it('keeps its images in the box unless told', () => {
    const y = tf.tensor1d(Y, 'int32');
    const moved = (clip: boolean) => {
      const images = fgsmMix({ eps: EPS, clip }).prepare?.(linear(), linearX(), y, random(1));
      return [...(images as tf.Tensor).dataSync()];
    };
    // Row 0 has y = +1: it moves by −ε sign w = (−ε, ε, −ε).
    expect(
      moved(true)
        .slice(0, 3)
        .map((v) => Number(v.toFixed(4))),
    ).toEqual([0, 0.85, 0.65]);
    expect(moved(false)[0]).toBeCloseTo(-0.15, 6);
  });

  it('leaves no tensor behind', () => {
    const [model, x] = [linear(), linearX()];
    const count = tf.memory().numTensors;
    lossOfBatch(fgsmMix({ eps: EPS }), model, x, Y);
    expect(tf.memory().numTensors).toBe(count);
  });
});

describe('noise mixes', () => {
  it('move every feature by ±ε, or by less', () => {
    const y = tf.tensor1d(Y, 'int32');
    const shifts = (objective: Objective) =>
      tf
        .sub(
          objective.prepare?.(linear() as never, linearX(), y, random(4)) as tf.Tensor,
          linearX(),
        )
        .dataSync();
    const signs = shifts(signNoiseMix({ eps: EPS, clip: false }));
    for (const shift of signs) expect(Math.abs(shift)).toBeCloseTo(EPS, 6);
    expect(new Set(signs.map(Math.sign)).size).toBe(2);
    const uniform = shifts(uniformNoiseMix({ eps: EPS, clip: false }));
    for (const shift of uniform) expect(Math.abs(shift)).toBeLessThanOrEqual(EPS);
    expect(new Set(uniform).size).toBe(9);
  });
});

describe('hidden mix', () => {
  it('is the loss under FGSM on the hidden outputs', async () => {
    const architecture = mlp(6, 2);
    const model = modelOf(architecture, startWeights(architecture, random(3)));
    const x = tf.tensor4d(random(5).uniform(8), [2, 2, 2, 1]);
    const h = headOutput(model, 'h1', x);
    const options = { eps: 0.3, clip: false, box: UNBOUNDED };
    const { loss } = await fgsm(tailOf(model, 'h1'), h, [2, 7], options);
    const [clean, attacked] = loss as [number[], number[]];
    expect(
      lossOfBatch(hiddenMix('h1', { eps: 0.3, alpha: 0.4 }), model as never, x, [2, 7]),
    ).toBeCloseTo(0.4 * average(clean) + 0.6 * average(attacked), 5);
    expect(average(attacked)).toBeGreaterThan(average(clean) + 0.01);
  });

  it('teaches the layers below through the outputs', () => {
    const architecture = mlp(6, 2);
    const weights = startWeights(architecture, random(3));
    const x = tf.tensor4d(random(5).uniform(8), [2, 2, 2, 1]);
    const y = tf.tensor1d([2, 7], 'int32');
    const objective = hiddenMix('h1', { eps: 0.3, alpha: 0 });
    const eta = objective.prepare?.(modelOf(architecture, weights) as never, x, y, random(1));
    const gradient = tf.grad((w1: tf.Tensor) =>
      objective.loss(
        modelOf(architecture, { ...weights, w1: w1 as tf.Tensor2D }) as never,
        x,
        y,
        eta as tf.Tensor,
      ),
    )(weights.w1);
    expect(tf.sum(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(0);
  });
});

describe('weight decay', () => {
  const model = () => linearModel([1, -2, 0.5], 10);
  const x = () => tf.tensor2d([[1, 0, 2]]);
  const added = (objective: Objective<LinearWeights>): number =>
    lossOfBatch(objective, model(), x(), [1]) -
    lossOfBatch(meanCrossEntropy, model() as never, x(), [1]);

  it('L1 adds the sizes of the weights, not of the bias', () => {
    expect(added(l1Decay<LinearWeights>(0.1))).toBeCloseTo(0.35, 6);
  });

  it('L2 adds half their squares', () => {
    expect(added(l2Decay<LinearWeights>(0.1))).toBeCloseTo(0.05 * 5.25, 6);
  });

  it('comes on top of another objective, and may leave weights out', () => {
    const worst = worstCaseTraining(EPS);
    const both = l1Decay(0.1, worst);
    const difference = lossOfBatch(both, model(), x(), [1]) - lossOfBatch(worst, model(), x(), [1]);
    expect(difference).toBeCloseTo(0.35, 5);
    expect(both.name).toBe('worst-case logistic, eps 0.25 + 0.1 L1');
    const net = mlp(2, 1);
    const ones = Object.fromEntries(
      Object.entries(net.layout).map(([name, { shape }]) => [name, tf.ones([...shape])]),
    );
    const all = modelOf(net, ones as never);
    const first = l1Decay(1, meanCrossEntropy, ['w1']);
    const image = tf.zeros([1, 1, 1, 1]);
    const plain = lossOfBatch(meanCrossEntropy, all as never, image, [0]);
    expect(lossOfBatch(first, all as never, image, [0]) - plain).toBeCloseTo(2, 5);
  });
});

describe('cross-entropy of each unit', () => {
  it('sums −log p_y and −log(1 − p_j)', () => {
    const mu = tf.tensor2d([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    const model = modelOf(rbf10(1), { mu, scale: tf.ones([1, 10]) as tf.Tensor2D });
    const x = 0.5;
    const p = [...Array(10).keys()].map((k) => Math.exp(-((x - k) ** 2)));
    const expected = p.map((pk, k) => -Math.log(k === 1 ? pk : 1 - pk)).reduce((a, b) => a + b);
    const got = lossOfBatch(unitCrossEntropy, model as never, tf.tensor4d([x], [1, 1, 1, 1]), [1]);
    expect(got).toBeCloseTo(expected, 5);
  });

  it('stays finite at the centre of a wrong class', () => {
    const mu = tf.tensor2d([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    const model = modelOf(rbf10(1), { mu, scale: tf.ones([1, 10]) as tf.Tensor2D });
    const got = lossOfBatch(unitCrossEntropy, model as never, tf.tensor4d([3], [1, 1, 1, 1]), [4]);
    expect(got).toBeGreaterThan(10);
    expect(got).toBeLessThan(30);
  });
});

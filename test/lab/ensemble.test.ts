import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Classifier,
  crossEntropy,
  type Evaluation,
  ensemble,
  fgsm,
  linearModel,
  startEngine,
  transferMatrix,
  transferOverKappa,
  UNBOUNDED,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

describe('ensemble', () => {
  const members = () => [linearModel([1, 0], 0), linearModel([0, 2], 1)];
  const x = () => tf.tensor2d([[2, -1]]); // z = 2 and −1

  it('has the mean probability as its softmax', () => {
    const both = ensemble(members());
    const p = tf.softmax(both.logits(x())).dataSync();
    const expected = (sigmoid(2) + sigmoid(-1)) / 2;
    expect(p[1]).toBeCloseTo(expected, 6);
    expect(both.logits(x()).dataSync()[1]).toBeCloseTo(Math.log(expected), 6);
    expect(both.name).toBe('mean-probability of 2 logistic-2');
  });

  it('has the mean of the logits', () => {
    expect([...ensemble(members(), 'mean-logits').logits(x()).dataSync()]).toEqual([0, 0.5]);
  });

  it('keeps the gradient where the members are sure', () => {
    const sure = linearModel([50], 0);
    const gradient = (model: Classifier) =>
      tf
        .grad((input: tf.Tensor) =>
          tf.sum(crossEntropy(model.logits(input), tf.tensor1d([1], 'int32'))),
        )(tf.tensor2d([[1]]))
        .dataSync()[0] as number;
    const twice = gradient(ensemble([sure, sure]));
    expect(twice).toBeLessThan(0);
    expect(twice / gradient(sure)).toBeCloseTo(1, 4);
  });

  it('refuses none, and members that differ', () => {
    expect(() => ensemble([])).toThrow(/expected models for an ensemble, got none/);
    expect(() => ensemble([linearModel([1], 0), linearModel([1, 2], 0)])).toThrow(
      /expected members for \[1\] in 2 classes, got \[2\] in 2 classes/,
    );
  });

  it('leaves no tensor behind', () => {
    const both = ensemble(members());
    const input = x();
    const count = tf.memory().numTensors;
    both.logits(input).dispose();
    expect(tf.memory().numTensors).toBe(count);
  });
});

describe('transferMatrix', () => {
  /** Each looks at features of its own; the third at the first's, the other way up. */
  const models = () => [linearModel([1, 0], 0), linearModel([0, 1], 0), linearModel([2, 0.1], 0)];
  const y = [1, 0];
  const x = () =>
    tf.tensor2d([
      [0.2, 0.2],
      [-0.2, -0.2],
    ]);
  const attack = (images: tf.Tensor) => (source: Classifier) =>
    fgsm(source, images, y, { eps: 0.3, clip: false, box: UNBOUNDED });

  it('has the source in the rows and the target in the columns', async () => {
    const images = x();
    const craft = attack(images);
    const matrix = await transferMatrix(models(), y, craft);
    // The first changes feature 1 alone, to ∓0.1; the third changes both.
    expect(matrix.map((row) => row.map(({ error }) => error))).toEqual([
      [1, 0, 1],
      [0, 1, 0],
      [1, 1, 1],
    ]);
    expect(matrix[0]?.[2]?.n).toBe(2);
  });

  it('has on its diagonal what the attack itself reports', async () => {
    const images = x();
    const one = linearModel([2, 0.1], 0);
    const { success, loss } = await attack(images)(one);
    const matrix = await transferMatrix([one], y, attack(images));
    const cell = matrix[0]?.[0] as Evaluation;
    expect(cell.error).toBe(success.filter(Boolean).length / 2);
    for (const [i, value] of cell.losses.entries()) {
      expect(value).toBeCloseTo(loss[1]?.[i] as number, 6);
    }
  });

  it('leaves no tensor behind', async () => {
    const [all, images] = [models(), x()];
    const count = tf.memory().numTensors;
    await transferMatrix(all, y, attack(images));
    expect(tf.memory().numTensors).toBe(count);
  });
});

describe('transferOverKappa', () => {
  // One feature. The source answers 1 above 0.5, the other model above 0.6; both lead by ten times the
  // distance from there.
  const other = () => linearModel([10], -6);
  const y = [0, 1, 1, 0];
  const target = [1, 0, 0, 1];
  /** The nearest points at which the source leads by κ; the last image stays as it is. */
  const craft = async (kappa: number) => {
    const far = 0.001 + kappa / 10;
    const xAdv = tf.tensor2d([[0.5 + far], [0.5 - far], [0.5 - far], [0.65]]);
    return { xAdv, success: [true, true, true, false] };
  };

  it('counts of the examples that fool their model those that fool the other', async () => {
    const count = tf.memory().numTensors;
    const model = other();
    const curve = await transferOverKappa([0, 0.5, 2], model, y, craft, target);
    expect(curve).toEqual([
      { kappa: 0, made: 3, wrong: 2, asTarget: 2 },
      { kappa: 0.5, made: 3, wrong: 2, asTarget: 2 },
      { kappa: 2, made: 3, wrong: 3, asTarget: 3 },
    ]);
    expect(tf.memory().numTensors).toBe(count + 2); // the weights
  });

  it('tells the target from any wrong class', async () => {
    const three: Classifier = {
      name: 'three',
      inputShape: [1],
      classes: 3,
      logits: (x) => tf.tidy(() => tf.concat([tf.mul(x, 0), tf.mul(x, 0), x], 1) as tf.Tensor2D),
    };
    const [point] = await transferOverKappa([2], three, y, craft, target);
    expect(point).toEqual({ kappa: 2, made: 3, wrong: 3, asTarget: 0 });
    const [without] = await transferOverKappa([2], three, y, craft);
    expect(without).toEqual({ kappa: 2, made: 3, wrong: 3 });
  });
});

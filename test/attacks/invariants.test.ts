/** What holds for every attack, one row each. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AttackResult,
  apgd,
  apgdTargeted,
  bim,
  boundary,
  type Classifier,
  carliniWagner,
  carliniWagnerL0,
  carliniWagnerLinf,
  deepFool,
  fgsm,
  type Images,
  jsma,
  type Labels,
  lbfgs,
  miFgsm,
  pgd,
  rFgsm,
  smallestBim,
  smallestFgsm,
} from '../../src/attacks/index.js';
import {
  modelOf,
  type SoftmaxWeights,
  softmaxRegression,
  startEngine,
} from '../../src/lab/index.js';

import { untrained } from './small-models.js';

beforeAll(async () => {
  await startEngine();
});

const N = 24;
const EPS = 0.1;

interface Options {
  readonly target?: Labels;
  readonly batchSize?: number;
}

interface Row {
  readonly name: string;
  readonly run: (
    model: Classifier,
    x: Images,
    y: Labels,
    eps: number,
    options?: Options,
  ) => Promise<AttackResult>;
  /** The norm that eps bounds. */
  readonly norm: 'linf' | 'l2' | 'l1' | 'l0';
  /** The attack has no ε: it looks for the nearest adversarial point. */
  readonly minimal?: boolean;
  /** How far an image may differ in other batches, where sums are rounded in another order; default
   *  1e-6. L-BFGS divides by small curvatures and so enlarges such differences. */
  readonly rounding?: number;
  /** ε that is enough to reach a target on softmax regression with random weights; absent for an
   *  attack without targets. */
  readonly wide?: number;
}

const ROWS: readonly Row[] = [
  { name: 'fgsm', norm: 'linf', wide: 0.3, run: (m, x, y, eps, o) => fgsm(m, x, y, { eps, ...o }) },
  {
    name: 'fgsm, L2',
    norm: 'l2',
    wide: 6,
    run: (m, x, y, eps, o) => fgsm(m, x, y, { eps, norm: 'l2', ...o }),
  },
  {
    name: 'fgsm, L1',
    norm: 'l1',
    wide: 100,
    run: (m, x, y, eps, o) => fgsm(m, x, y, { eps, norm: 'l1', clip: true, ...o }),
  },
  {
    name: 'r-fgsm',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => rFgsm(m, x, y, { eps, seed: 4, ...o }),
  },
  {
    name: 'bim',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => bim(m, x, y, { eps, steps: 5, ...o }),
  },
  {
    name: 'bim, all steps',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => bim(m, x, y, { eps, steps: 5, untilSuccess: false, ...o }),
  },
  {
    name: 'bim, L2',
    norm: 'l2',
    wide: 6,
    run: (m, x, y, eps, o) => bim(m, x, y, { eps, steps: 5, norm: 'l2', ...o }),
  },
  {
    name: 'deep-fool',
    norm: 'l2',
    minimal: true,
    run: (m, x, y, _, o) => deepFool(m, x, y, { steps: 8, ...o }),
  },
  {
    name: 'deep-fool, L∞',
    norm: 'linf',
    minimal: true,
    run: (m, x, y, _, o) => deepFool(m, x, y, { steps: 8, norm: 'linf', ...o }),
  },
  {
    name: 'lbfgs',
    rounding: 1e-4,
    norm: 'l2',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => lbfgs(m, x, y, { steps: 8, searches: 4, ...o }),
  },
  {
    name: 'carlini-wagner',
    rounding: 1e-3,
    norm: 'l2',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => carliniWagner(m, x, y, { steps: 20, searches: 2, ...o }),
  },
  {
    name: 'carlini-wagner-linf',
    rounding: 1e-3,
    norm: 'linf',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => carliniWagnerLinf(m, x, y, { steps: 5, initialC: 10, ...o }),
  },
  {
    name: 'jsma-z',
    norm: 'l2',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => jsma(m, x, y, { gamma: 0.2, ...o }),
  },
  {
    name: 'jsma-f',
    norm: 'l2',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => jsma(m, x, y, { gamma: 0.2, outputs: 'probabilities', ...o }),
  },
  {
    name: 'carlini-wagner-l0',
    rounding: 1e-3,
    norm: 'l0',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => carliniWagnerL0(m, x, y, { steps: 10, ...o }),
  },
  {
    name: 'mi-fgsm',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => miFgsm(m, x, y, { eps, steps: 5, ...o }),
  },
  {
    name: 'pgd',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => pgd(m, x, y, { eps, steps: 5, ...o }),
  },
  {
    name: 'pgd, all steps of 2 restarts',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) =>
      pgd(m, x, y, { eps, steps: 3, restarts: 2, untilSuccess: false, ...o }),
  },
  {
    name: 'pgd, margin',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => pgd(m, x, y, { eps, steps: 5, loss: { margin: 50 }, ...o }),
  },
  {
    name: 'pgd, L2',
    norm: 'l2',
    wide: 6,
    run: (m, x, y, eps, o) => pgd(m, x, y, { eps, steps: 5, norm: 'l2', restarts: 2, ...o }),
  },
  {
    name: 'pgd, L1',
    norm: 'l1',
    wide: 100,
    run: (m, x, y, eps, o) => pgd(m, x, y, { eps, steps: 5, norm: 'l1', restarts: 2, ...o }),
  },
  {
    name: 'apgd-ce',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => apgd(m, x, y, { eps, steps: 5, ...o }),
  },
  {
    name: 'apgd-ce, L2, all steps',
    norm: 'l2',
    wide: 6,
    run: (m, x, y, eps, o) =>
      apgd(m, x, y, { eps, steps: 5, norm: 'l2', untilSuccess: false, ...o }),
  },
  {
    name: 'apgd-dlr',
    norm: 'linf',
    wide: 0.3,
    run: (m, x, y, eps, o) => apgd(m, x, y, { eps, steps: 5, loss: 'dlr', ...o }),
  },
  {
    name: 'apgd-t',
    norm: 'linf',
    run: (m, x, y, eps, { batchSize = 1000 } = {}) =>
      apgdTargeted(m, x, y, { eps, steps: 5, targets: 3, batchSize }),
  },
  {
    name: 'smallest-fgsm',
    norm: 'linf',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => smallestFgsm(m, x, y, { levels: 32, ...o }),
  },
  {
    name: 'smallest-bim',
    norm: 'linf',
    minimal: true,
    wide: 0,
    run: (m, x, y, _, o) => smallestBim(m, x, y, { levels: 32, steps: 12, ...o }),
  },
  {
    name: 'boundary',
    norm: 'l2',
    minimal: true,
    run: (m, x, y, _, o) => boundary(m, x, y, { steps: 20, ...o }),
  },
];

function setting() {
  const { model, x, y } = untrained(N);
  y[3] = ((y[3] as number) + 1) % 10; // misclassified from the start
  return { model, x, y };
}

/** Answers class 0, whatever the image. */
const stubborn: Classifier = {
  name: 'stubborn',
  inputShape: [3],
  classes: 4,
  logits: (x) =>
    tf.tidy(() => {
      const zero = tf.mul(tf.sum(x, 1, true), 0);
      return tf.concat([tf.add(zero, 2), zero, zero, zero], 1) as tf.Tensor2D;
    }),
};

async function distance(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  return (await tf.max(tf.abs(tf.sub(a, b))).data())[0] as number;
}

describe.each(ROWS)('$name', ({ run, norm, wide, minimal = false, rounding = 1e-6 }) => {
  const eps = norm === 'linf' ? EPS : norm === 'l2' ? 1 : 4;

  it('stays in the box and in the ball, in the shape of x', async () => {
    const { model, x, y } = setting();
    const { xAdv, norms } = await run(model, x, y, eps);
    expect(xAdv.shape).toEqual(x.shape);
    expect((await tf.min(xAdv).data())[0]).toBeGreaterThanOrEqual(0);
    expect((await tf.max(xAdv).data())[0]).toBeLessThanOrEqual(1);
    if (!minimal)
      expect(Math.max(...norms[norm])).toBeLessThanOrEqual(eps + 1e-6 * Math.max(1, eps));
    expect(Math.max(...norms[norm])).toBeGreaterThan(0);
  });

  it.skipIf(minimal)('is the identity at ε = 0', async () => {
    const { model, x, y } = setting();
    const { xAdv, norms } = await run(model, x, y, 0);
    expect(await distance(xAdv, x)).toBe(0);
    expect(norms.l0).toEqual(new Array(N).fill(0));
  });

  it('gives the same images again, and in any batches', async () => {
    const { model, x, y } = setting();
    const together = await run(model, x, y, eps);
    expect(await distance((await run(model, x, y, eps)).xAdv, together.xAdv)).toBe(0);
    for (const batchSize of [1, 7]) {
      const parts = await run(model, x, y, eps, { batchSize });
      expect(await distance(together.xAdv, parts.xAdv)).toBeLessThan(rounding);
      expect(parts.success).toEqual(together.success);
      expect(parts.firstSuccess).toEqual(together.firstSuccess);
      if (rounding > 1e-6) continue; // it may then also stop a step earlier or later
      expect(parts.forward).toEqual(together.forward);
      expect(parts.backward).toEqual(together.backward);
    }
  });

  it('says so when an image cannot be fooled, and returns an image of box and ball', async () => {
    const x = tf.tensor2d([0.2, 0.5, 1, 0, 0.7, 0.4], [2, 3]);
    const result = await run(stubborn, x, [0, 0], 0.1);
    expect(result.success).toEqual([false, false]);
    expect(result.firstSuccess).toEqual([-1, -1]);
    expect(await distance(result.xAdv, x)).toBeLessThanOrEqual(0.1 + 1e-6);
    for (const value of await result.xAdv.data()) {
      expect(value >= 0 && value <= 1).toBe(true); // NaN is neither
    }
  });

  it('leaves its inputs as they were, and no tensor but the result', async () => {
    const { model, x, y } = setting();
    const before = await x.data();
    const labels = tf.tensor1d(y, 'int32');
    const count = tf.memory().numTensors;
    const { xAdv } = await run(model, x, labels, eps, { batchSize: 7, target: y });
    expect(tf.memory().numTensors).toBe(count + 1);
    expect(await x.data()).toEqual(before);
    expect(await labels.data()).toEqual(y);
    xAdv.dispose();
  });

  it('leaves no tensor behind when it fails', async () => {
    const { x, y } = setting();
    const broken = tf.fill([784, 10], Number.NaN) as tf.Tensor2D;
    const model = modelOf<SoftmaxWeights>(softmaxRegression(), { w: broken, b: tf.zeros([10]) });
    const count = tf.memory().numTensors;
    await expect(run(model, x, y, eps)).rejects.toThrow(/finite logits/);
    expect(tf.memory().numTensors).toBe(count);
  });

  it('counts success on the images it returns', async () => {
    const { model, x, y } = setting();
    const result = await run(model, x, y, eps);
    expect(result.predicted).toEqual([...(await tf.argMax(model.logits(result.xAdv), 1).data())]);
    expect(result.success).toEqual(result.predicted.map((label, i) => label !== y[i]));
    result.success.forEach((isSuccess, i) => {
      if (isSuccess) expect(result.firstSuccess[i]).toBeGreaterThanOrEqual(0);
    });
  });

  it.skipIf(wide === undefined)(
    'reaches its targets on a linear model when ε is wide',
    async () => {
      const w = tf.randomNormal([784, 10], 0, 0.3, 'float32', 2) as tf.Tensor2D;
      const model = modelOf<SoftmaxWeights>(softmaxRegression(), { w, b: tf.zeros([10]) });
      const x = tf.fill([10, 28, 28, 1], 0.5);
      const target = Int32Array.from({ length: 10 }, (_, i) => i);
      const y = target.map((label) => (label + 1) % 10);
      const { success, predicted } = await run(model, x, y, wide ?? 0, { target });
      expect(success).toEqual(new Array(10).fill(true));
      expect(predicted).toEqual([...target]);
    },
  );
});

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { carliniWagner } from '../../src/attacks/index.js';
import { linearModel, startEngine } from '../../src/lab/index.js';

beforeAll(async () => {
  await startEngine();
});

const OBJECTIVES = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'] as const;
const CONSTRAINTS = ['change-of-variables', 'clipped', 'projected'] as const;

describe('the nearest point of a linear model', () => {
  /** Z = ±(wᵀx + b)/2: the border lies |wᵀx + b| / ‖w‖ away. */
  const w = [3, -2, 1];
  const model = () => linearModel(w, 0.2);
  const points = [
    [0.6, 0.3, 0.5],
    [0.2, 0.4, 0.9],
  ];
  const exact = points.map(
    (x) => Math.abs(x.reduce((sum, v, i) => sum + v * (w[i] as number), 0.2)) / Math.hypot(...w),
  );

  it.each(OBJECTIVES.flatMap((f) => CONSTRAINTS.map((box) => [f, box] as const)))(
    '%s, %s: within 5 %',
    async (objective, constraint) => {
      const x = tf.tensor2d(points);
      const Z = model().logits(x);
      const y = [...Z.argMax(1).dataSync()];
      const target = y.map((label) => 1 - label);
      const result = await carliniWagner(model(), x, y, {
        target,
        objective,
        constraint,
        lr: constraint === 'change-of-variables' ? 0.1 : 0.02,
        searches: 8,
        steps: 100,
      });
      expect(result.success).toEqual([true, true]);
      exact.forEach((distance, i) => {
        expect((result.norms.l2[i] as number) / distance).toBeGreaterThanOrEqual(1 - 1e-5);
        expect((result.norms.l2[i] as number) / distance).toBeLessThanOrEqual(1.05);
      });
    },
  );
});

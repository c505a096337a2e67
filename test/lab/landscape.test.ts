import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bestOf,
  climbEnds,
  climbsFrom,
  concentrationOf,
  convexityOf,
  dataset,
  directionsOverEps,
  evaluate,
  growingAttack,
  linearModel,
  lossBetween,
  lossOf,
  lossOverPlane,
  type Model,
  madryCnn,
  mean,
  modelOf,
  pairsOf,
  pictures,
  planeThrough,
  random,
  randomPoints,
  riseBySteps,
  type SoftmaxWeights,
  segmentLosses,
  softmaxRegression,
  startEngine,
  startWeights,
  UNBOUNDED,
  uniformTensor,
} from '../../src/index.js';

beforeAll(async () => {
  await startEngine();
});

/** z = 2x₁ − x₂: J of class 0 is ζ(z), of class 1 ζ(−z). */
const linear = () => linearModel([2, -1], 0);
const softplus = (z: number): number => Math.log1p(Math.exp(z));
const net = () => modelOf(madryCnn(1), startWeights(madryCnn(1), random(3)));
const ATTACK = { eps: 0.1, alpha: 0.05, steps: 6 };

describe('climbsFrom', () => {
  it('ends in the one maximum of a linear model, from every start', async () => {
    const x = tf.tensor2d([
      [0.5, 0.5],
      [0.95, 0.5],
    ]);
    const found = await climbsFrom(linear(), x, [0, 1], { ...ATTACK, restarts: 7, seed: 1 });
    const [first, second] = found as [(typeof found)[0], (typeof found)[0]];
    expect(first.finalLosses.length).toBe(7);
    for (const J of first.finalLosses) expect(J).toBeCloseTo(softplus(2 * 0.6 - 0.4), 5);
    for (const J of second.finalLosses) expect(J).toBeCloseTo(softplus(-(2 * 0.85 - 0.6)), 5);
    expect(first.success).toBe(1); // z > 0 already: class 1
    expect(second.success).toBe(0);
    expect(first.maxima.shape).toEqual([7, 2]);
    expect(first.curves.map((curve) => curve.length)).toEqual(new Array(7).fill(7));
    expect(first.gradients).toBe(7 * 6);
    // Starts differ, and each first loss is that of a point of the ball.
    expect(new Set(first.curves.map(([J]) => J)).size).toBe(7);
    for (const [J] of first.curves) {
      expect(J).toBeGreaterThan(softplus(2 * 0.4 - 0.6));
      expect(J).toBeLessThan(softplus(2 * 0.6 - 0.4));
    }
  });

  it('gives the loss at the very points where it ended, and leaves no other tensor', async () => {
    const x = uniformTensor([2, 28, 28, 1], 5);
    const model = net();
    const count = tf.memory().numTensors;
    const found = await climbsFrom(model, x, [3, 8], { ...ATTACK, restarts: 4, seed: 2 });
    expect(tf.memory().numTensors).toBe(count + 2);
    for (const { label, maxima, finalLosses, curves } of found) {
      const J = lossOf(model, new Array(4).fill(label))(maxima).dataSync();
      for (const [r, loss] of finalLosses.entries()) expect(J[r]).toBeCloseTo(loss, 5);
      expect(riseBySteps(curves)[0]).toBe(0);
      expect(riseBySteps(curves).at(-1)).toBe(1);
      for (const curve of curves) expect(curve.at(-1)).toBeGreaterThan(curve[0] as number);
    }
    const more = await climbsFrom(model, x, [3, 8], { ...ATTACK, restarts: 6, seed: 2 });
    expect(more[1]?.finalLosses.slice(0, 4)).toEqual(found[1]?.finalLosses);
  });
});

describe('what a reader sees of climbs', () => {
  it('is the image at each end, and the class that the model reads there', async () => {
    const x = uniformTensor([1, 28, 28, 1], 5);
    const [found] = await climbsFrom(net(), x, [3], { ...ATTACK, restarts: 3, seed: 2 });
    const climbs = found as NonNullable<typeof found>;
    const ends = await climbEnds(net(), climbs);
    expect(ends.map(({ picture }) => picture)).toEqual(await pictures(climbs.maxima));
    expect(new Set(ends.map(({ picture }) => picture)).size).toBe(3);
    const read = tf.argMax(net().logits(climbs.maxima), 1).dataSync();
    expect(ends.map(({ answer }) => answer)).toEqual([...read]);
  });

  it('grows with ε: the image itself at 0, then ever less of the right class', async () => {
    const x = uniformTensor([1, 28, 28, 1], 5);
    const model = net();
    const label = tf.argMax(model.logits(x), 1).dataSync()[0] as number;
    const count = tf.memory().numTensors;
    const grown = await growingAttack(model, x, label, {
      sizes: [0, 0.05, 0.2],
      steps: 5,
      seed: 1,
    });
    expect(tf.memory().numTensors).toBe(count);
    expect(grown.map(({ eps }) => eps)).toEqual([0, 0.05, 0.2]);
    expect(grown[0]?.picture).toBe((await pictures(x))[0]);
    const p = grown.map(({ probabilities }) => probabilities[label] as number);
    expect(p[1]).toBeLessThan(p[0] as number);
    expect(p[2]).toBeLessThan(p[1] as number);
    for (const { probabilities } of grown) {
      expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });
});

describe('losses of restarts', () => {
  it('rise by steps over all curves together', () => {
    expect(
      riseBySteps([
        [0, 1, 2],
        [2, 7, 8],
      ]),
    ).toEqual([0, 0.75, 1]);
  });

  it('are concentrated or not', () => {
    const found = concentrationOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(found.mean).toBe(5);
    expect(found.median).toBe(4.5);
    expect(found.deviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(found.relative).toBeCloseTo(Math.sqrt(32 / 7) / 5, 12);
    expect(found.largestZ).toBeCloseTo(4 / Math.sqrt(32 / 7), 12);
  });

  it('have a best of n that is the mean over all choices', () => {
    const losses = [3, 1, 4, 1.5];
    const pairs: number[] = [];
    losses.forEach((a, i) => {
      for (const b of losses.slice(i + 1)) pairs.push(Math.max(a, b));
    });
    const [one, two, four] = bestOf(losses, [1, 2, 4]) as [number, number, number];
    expect(one).toBeCloseTo(mean(losses), 12);
    expect(two).toBeCloseTo(mean(pairs), 12);
    expect(four).toBeCloseTo(4, 12);
  });
});

describe('random points', () => {
  const middle = () => tf.fill([1, 784], 0.5);
  const black = () => tf.zeros([1, 784]);
  const options = { eps: 0.3, count: 20, seed: 1 };

  it('lie as far apart and at such angles as the formulas say, inside the box', async () => {
    const inside = await pairsOf(randomPoints(middle(), options), middle());
    // √(2d/3) ε and 90°
    expect(mean(inside.distances)).toBeCloseTo(Math.sqrt((2 * 784) / 3) * 0.3, 1);
    expect(mean(inside.angles)).toBeCloseTo(90, 0);
    const corners = randomPoints(middle(), { ...options, kind: 'corners' });
    expect(mean((await pairsOf(corners, middle())).distances)).toBeCloseTo(
      Math.sqrt(2 * 784) * 0.3,
      0,
    );
    expect(inside.distances.length).toBe(190);
  });

  it('lie nearer to each other where the box cuts the ball', async () => {
    const cut = await pairsOf(randomPoints(black(), options), black());
    // δ = max(0, U(−ε, ε)): E δ² = ε²/6, (E δ)² = ε²/16, so cos = 3/8 and E(δ − δ′)² = 5ε²/24.
    expect(mean(cut.angles)).toBeCloseTo((Math.acos(3 / 8) * 180) / Math.PI, 0);
    expect(mean(cut.distances)).toBeCloseTo(Math.sqrt((784 * 5) / 24) * 0.3, 1);
    const corners = randomPoints(black(), { ...options, kind: 'corners' });
    // δ is 0 or ε: cos = 1/2.
    expect(mean((await pairsOf(corners, black())).angles)).toBeCloseTo(60, 0);
    const free = randomPoints(black(), { ...options, box: UNBOUNDED });
    expect(mean((await pairsOf(free, black())).angles)).toBeCloseTo(90, 0);
  });

  it('are the same for the same seed', () => {
    const values = (seed: number) => [...randomPoints(middle(), { ...options, seed }).dataSync()];
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });
});

describe('pairsOf', () => {
  it('measures from the image', async () => {
    const points = tf.tensor2d([
      [2, 1],
      [1, 3],
      [0, 1],
    ]);
    const { distances, angles } = await pairsOf(points, tf.tensor2d([[1, 1]]));
    const expected = [Math.sqrt(5), 2, Math.sqrt(5)];
    for (const [i, value] of distances.entries())
      expect(value).toBeCloseTo(expected[i] as number, 12);
    for (const [i, value] of angles.entries())
      expect(value).toBeCloseTo([90, 180, 90][i] as number, 10);
  });
});

describe('segments', () => {
  it('carry the loss of the points on the way', async () => {
    const ends = tf.tensor2d([
      [0, 0],
      [1, 0],
    ]);
    const [segment] = await segmentLosses(linear(), ends, 0, { segments: 1, points: 5, seed: 1 });
    expect([segment?.from, segment?.to]).toEqual([0, 1]);
    for (const [k, J] of (segment?.losses ?? []).entries()) {
      expect(J).toBeCloseTo(softplus(2 * (k / 4)), 5);
    }
  });

  it('join different pairs, and no more than there are', async () => {
    const ends = uniformTensor([5, 2], 3);
    const ten = await segmentLosses(linear(), ends, 0, { segments: 10, seed: 1 });
    expect(new Set(ten.map(({ from, to }) => `${from} ${to}`)).size).toBe(10);
    expect(ten.every(({ from, to, losses }) => from < to && losses.length === 21)).toBe(true);
    await expect(segmentLosses(linear(), ends, 0, { segments: 11, seed: 1 })).rejects.toThrow(
      /expected points for 11 segments, got 5 points/,
    );
  });

  it('are convex, or not, and by how much', () => {
    expect(convexityOf([4, 1, 0, 1, 4])).toEqual({
      convexShare: 1,
      worst: 0,
      endsHighest: true,
      middleToEnds: 0,
      least: 0,
    });
    const bump = convexityOf([1, 1, 3, 1, 1]); // second differences 2, −4, 2 of a range of 2
    expect(bump).toEqual({
      convexShare: 2 / 3,
      worst: 2,
      endsHighest: false,
      middleToEnds: 3,
      least: 1,
    });
    expect(convexityOf([1, 1.005, 1, 0.5, 2]).convexShare).toBeCloseTo(2 / 3, 12);
    expect(convexityOf([1, 1.005, 1, 0.5, 2], 0).convexShare).toBeCloseTo(1 / 3, 12);
    expect(convexityOf([1, 1, 1])).toMatchObject({ convexShare: 1, worst: 0, endsHighest: true });
  });
});

describe('directions', () => {
  it('on a linear model are those of FGSM at every ε', async () => {
    const x = tf.tensor2d([[0.5, 0.5]]);
    const options = { steps: 10, restarts: 3, seed: 1 };
    const found = await directionsOverEps(linear(), x, [1], [0.05, 0.2], options);
    expect(found.map(({ eps }) => eps)).toEqual([0.05, 0.2]);
    for (const { withGradient, withSign } of found) {
      expect(withSign.length).toBe(3);
      for (const cosine of withSign) expect(cosine).toBeCloseTo(1, 6);
      for (const cosine of withGradient) expect(cosine).toBeCloseTo(3 / Math.sqrt(10), 6);
    }
  });

  it('on a network leave the gradient as ε grows, and leave no tensor', async () => {
    const model = net();
    const { x, y } = dataset('made up', uniformTensor([3, 28, 28, 1], 6), [1, 2, 3], 10);
    const count = tf.memory().numTensors;
    const options = { steps: 10, restarts: 2, seed: 1, box: UNBOUNDED };
    const found = await directionsOverEps(model, x, y, [0.002, 0.5], options);
    expect(tf.memory().numTensors).toBe(count);
    const [near, far] = found.map(({ withGradient }) => mean(withGradient)) as [number, number];
    expect(near).toBeGreaterThan(far + 0.1);
  });
});

describe('a slice', () => {
  const points = () =>
    [
      [0.2, 0.2, 0.2],
      [0.2, 0.6, 0.2],
      [0.5, 0.9, 0.2],
    ].map((point) => tf.tensor2d([point])) as [tf.Tensor, tf.Tensor, tf.Tensor];

  it('goes through its three points', async () => {
    const [x, p, q] = points();
    const plane = await planeThrough(x, p, q);
    expect(plane.u.dataSync()).toEqual(new Float32Array([0, 1, 0]));
    expect(plane.v.dataSync()).toEqual(new Float32Array([1, 0, 0]));
    const found = await plane.coordinates(tf.concat([x, p, q, tf.tensor2d([[0.2, 0.2, 9]])]));
    const expected = [
      [0, 0],
      [0.4, 0],
      [0.7, 0.3],
      [0, 0],
    ];
    for (const [i, [a, b]] of found.entries()) {
      expect(a).toBeCloseTo(expected[i]?.[0] as number, 6);
      expect(b).toBeCloseTo(expected[i]?.[1] as number, 6);
    }
    await expect(planeThrough(x, p, tf.tensor2d([[0.2, 0.9, 0.2]]))).rejects.toThrow(
      /expected three points that span a plane/,
    );
  });

  it('has the loss in the middle of each cell', async () => {
    const model = linearModel([2, -1, 0], 0);
    const plane = await planeThrough(...points());
    const cells = await lossOverPlane(model, 0, plane, { a: [0, 1], b: [-1, 1], cells: 2 });
    expect(cells.map(({ a, b }) => [a, b])).toEqual([
      [0.25, -0.5],
      [0.75, -0.5],
      [0.25, 0.5],
      [0.75, 0.5],
    ]);
    for (const { a, b, loss } of cells) {
      expect(loss).toBeCloseTo(softplus(2 * (0.2 + b) - (0.2 + a)), 5);
    }
  });
});

describe('the way between two networks', () => {
  it('starts and ends at their losses, and is convex where the loss is convex in the weights', async () => {
    const [a, b] = [softmaxOf(1), softmaxOf(2)];
    const data = dataset('noise', uniformTensor([5, 28, 28, 1], 3), [0, 1, 2, 3, 4], 10);
    const losses = await lossBetween(a, b, data, 5);
    expect(losses).toHaveLength(5);
    expect(losses[0]).toBeCloseTo((await evaluate(a, data.x, data.y)).loss, 5);
    expect(losses[4]).toBeCloseTo((await evaluate(b, data.x, data.y)).loss, 5);
    expect(losses[2]).toBeLessThanOrEqual(mean([losses[0] as number, losses[4] as number]));
  });
});

/** Normal weights: those that softmax regression starts from may be zero. */
function softmaxOf(seed: number): Model<SoftmaxWeights> {
  const w = tf.tensor2d(random(seed).normal(7840), [784, 10]);
  return modelOf(softmaxRegression(), { w, b: tf.zeros([10]) });
}

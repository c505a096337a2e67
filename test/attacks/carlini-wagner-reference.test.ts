/** The L2 attack of Carlini and Wagner against Foolbox and adversarial-library, with 9 searches of 1,000
 *  steps each; `test/reference/carlini_wagner.py` makes the values. */

import { beforeAll, expect, it } from 'vitest';
import {
  type CarliniWagnerOptions,
  carliniWagner,
  carliniWagnerSchedule,
} from '../../src/attacks/index.js';
import { quantile, startEngine } from '../../src/lab/index.js';
import { reference as read, referenceNet } from './reference-net.js';

const reference = read('carlini-wagner');
const libraries: [string, number[]][] = [
  ['Foolbox', reference.foolbox.values],
  ['adversarial-library', reference.adversarialLibrary.values],
];

beforeAll(async () => {
  await startEngine();
});

async function distances(options: CarliniWagnerOptions): Promise<readonly number[]> {
  const { model, x, y } = referenceNet();
  const { norms, success } = await carliniWagner(model, x, y, options);
  expect(success).toEqual(success.map(() => true));
  return norms.l2;
}

const ratios = (ours: readonly number[], theirs: readonly number[]) =>
  ours.map((size, i) => size / (theirs[i] as number));

it("the paper's schedule finds the distances of both, to 2 % each and in the median", async () => {
  const ours = await distances({ ...carliniWagnerSchedule, steps: 1000 });
  for (const [library, theirs] of libraries) {
    const median = quantile(ours, 0.5) / quantile(theirs, 0.5);
    for (const ratio of [median, ...ratios(ours, theirs)]) {
      expect(Math.abs(ratio - 1), library).toBeLessThan(0.02);
    }
  }
}, 60_000); // 9,000 steps

it('our schedule is nowhere farther by more than 2 %', async () => {
  const ours = await distances({});
  for (const [library, theirs] of libraries) {
    expect(Math.max(...ratios(ours, theirs)), library).toBeLessThan(1.02);
  }
});

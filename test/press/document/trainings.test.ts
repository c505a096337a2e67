/** The lines of the colophon about trainings. */

import { describe, expect, test } from 'vitest';
import type { PublishedTraining } from '../../../src/mime.js';
import { code, composed, publish } from './notebooks.js';

/** A training of mlp-240 on MNIST. */
function training(
  settings: PublishedTraining['settings'],
  details: Partial<Omit<PublishedTraining, 'settings'>> = {},
): PublishedTraining {
  const key = JSON.stringify([details, settings]);
  const given = { key, model: 'mlp-240', data: 'MNIST', examples: 60_000, seconds: 2 };
  return { kind: 'training', ...given, settings, ...details };
}

function linesOf(...trainings: PublishedTraining[]) {
  return composed([
    code(
      '1',
      trainings.map((one) => publish(one)),
    ),
  ]).colophon;
}

const READING =
  'a model kept from an earlier run counts with its time there; in brackets, how many trainings';

describe('trainings of one model', () => {
  test('stand in one line, with their number and their time', () => {
    expect(linesOf(...['11', '12', '13'].map((seed) => training({ epochs: '3', seed })))).toEqual([
      { name: 'Trainings', text: `3 trainings, 6.0 s; ${READING}` },
      {
        name: 'mlp-240',
        text: '3 trainings, 6.0 s: MNIST; 60,000 examples; epochs 3; seed 11 / 12 / 13',
      },
    ]);
  });

  test('that several cells asked for count once', () => {
    const one = training({ epochs: '3' });
    expect(linesOf(one, one)[1]?.text).toBe('1 training, 2.0 s: MNIST; 60,000 examples; epochs 3');
  });

  test('say how often each value occurs where they differ, also where some go without', () => {
    const [, line] = linesOf(
      training({ epochs: '3', seed: '1' }),
      training({ epochs: '3', seed: '2' }, { examples: 500 }),
      training({ epochs: '24', seed: '1', dropout: 'hidden keeps 0.5' }),
    );
    expect(line?.text).toBe(
      '3 trainings, 6.0 s: MNIST; 60,000 examples (2) / 500 examples (1); ' +
        'epochs 3 (2) / 24 (1); seed 1 (2) / 2 (1); dropout hidden keeps 0.5 (1)',
    );
  });
});

test('models that were trained alike share a line', () => {
  const lines = linesOf(
    training({ epochs: '3' }, { seconds: 9.96 }),
    training({ epochs: '1' }, { model: 'small', data: 'MNIST, 7 × 7', seconds: 0.04 }),
    training({ epochs: '3' }, { model: 'large', data: 'MNIST, 14 × 14' }),
  );
  expect(lines.map(({ name }) => name)).toEqual(['Trainings', 'mlp-240, large', 'small']);
  expect(lines[0]?.text).toMatch(/^3 trainings, 12 s;/);
  expect(lines[1]?.text).toBe(
    '2 trainings, 12 s: MNIST / MNIST, 14 × 14; 60,000 examples; epochs 3',
  );
  expect(lines[2]?.text).toBe('1 training, 0.0 s: MNIST, 7 × 7; 60,000 examples; epochs 1');
});

test('a run without trainings says nothing of them', () => {
  expect(linesOf()).toEqual([]);
});

/** The trainings of a run in few lines: one for each model, or for models that were trained alike. */

import type { PublishedTraining } from '../../mime.js';
import type { ColophonEntry } from './types.js';

type Trainings = readonly PublishedTraining[];

const READING =
  'a model kept from an earlier run counts with its time there; in brackets, how many trainings';

/** How many trainings there were and how long they took; then what those of each model share and
 *  where they differ. A training that several cells asked for counts once. */
export function trainingLines(published: Trainings): ColophonEntry[] {
  const trainings = [...new Map(published.map((one) => [one.key, one])).values()];
  if (trainings.length === 0) return [];
  const models = groups(trainings, ({ model }) => model);
  return [
    { name: 'Trainings', text: `${sizeText(trainings)}; ${READING}` },
    ...groups(models, howText).map((alike) => {
      const own = alike.flat();
      const where = [spelt(own, ({ data }) => data), spelt(own, examplesText)];
      const text = [`${sizeText(own)}: ${where.join('; ')}`, howText(alike[0] as Trainings)];
      return { name: alike.map(([one]) => one?.model).join(', '), text: text.join('; ') };
    }),
  ];
}

/** Those with the same text together, in the order in which each text first occurs. */
function groups<T>(all: readonly T[], by: (one: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(by(one), [...(found.get(by(one)) ?? []), one]);
  return [...found.values()];
}

/** `3 trainings, 12 s` */
function sizeText(trainings: Trainings): string {
  const seconds = trainings.reduce((sum, training) => sum + training.seconds, 0);
  const time = seconds.toFixed(seconds < 10 ? 1 : 0);
  return `${trainings.length} ${trainings.length === 1 ? 'training' : 'trainings'}, ${time} s`;
}

function examplesText({ examples }: PublishedTraining): string {
  return `${examples.toLocaleString('en')} examples`;
}

/** `epochs 3; seed 11 / 12 / 13`, each setting where it first occurs. */
function howText(trainings: Trainings): string {
  const names = new Set(trainings.flatMap(({ settings }) => Object.keys(settings)));
  return [...names]
    .map((name) => `${name} ${spelt(trainings, ({ settings }) => settings[name])}`)
    .join('; ');
}

/** The values of all trainings, each once, with how often it occurs unless that is clear: all share
 *  it, or each has its own. */
function spelt(trainings: Trainings, read: (one: PublishedTraining) => string | undefined): string {
  const times = new Map<string, number>();
  for (const value of trainings.map(read)) {
    if (value !== undefined) times.set(value, (times.get(value) ?? 0) + 1);
  }
  const isClear = times.size === trainings.length || [...times.values()][0] === trainings.length;
  return [...times].map(([value, n]) => (isClear ? value : `${value} (${n})`)).join(' / ');
}

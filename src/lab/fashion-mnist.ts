/** Fashion-MNIST, Xiao, Rasul, Vollgraf 2017 (arXiv:1708.07747), as first released in August 2017.
 *
 *  The npm package holds this release, sorted by class. In it 43 training images and one test image
 *  occur twice, and ten test images are training images too (zalandoresearch/fashion-mnist, issue
 *  44). The authors replaced them a few days later, and the two parts differ since. So errors compare
 *  only roughly with published ones. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { readChecked, toUnit } from './data-files.js';
import { type Dataset, dataset } from './dataset.js';
import { currentEngine } from './engine.js';
import { type Split, type SplitOptions, splitCounts } from './split.js';

/** The ten classes, in their order. */
export const CLOTHES: readonly string[] = [
  'T-shirt',
  'trousers',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'boot',
];

const CLASSES = CLOTHES.length;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Test images of each class; they stand before its 6,000 training images. */
const TEST = 1000;

/** SHA-256 of the ten files, from class 0 to class 9. */
const SHA256 = '3dba6579a1c6c8be65379bad27347689a9fe7dc5c2774096a5fc8d08f1763856';

/** Loads Fashion-MNIST and names its files in the colophon: 60,000 and 10,000 images [N, 28, 28, 1] in
 *  [0, 1] and their classes, which take turns. Throws UserError for a missing or changed file, and
 *  for more images than there are. */
export async function fashionMnist({
  folder = packageFolder(),
  ...counts
}: SplitOptions = {}): Promise<Split> {
  currentEngine();
  const { train, test } = splitCounts('Fashion-MNIST', counts);
  const files = await readChecked(folder, {
    data: 'Fashion-MNIST, first release',
    from: 'fashion-mnist',
    names: CLOTHES.map((_, label) => `${label}.json`),
    sha256: SHA256,
  });
  return {
    train: takingTurns('Fashion-MNIST training', files, TEST, train),
    test: takingTurns('Fashion-MNIST test', files, 0, test),
  };
}

/** The first `count` images: one of each class, then the next of each, from place `first` on. */
function takingTurns(
  name: string,
  files: readonly Buffer[],
  first: number,
  count: number,
): Dataset {
  const pixels = new Uint8Array(count * PIXELS);
  const y = Int32Array.from({ length: count }, (_, i) => i % CLASSES);
  files.forEach((file, label) => {
    const images = pixelsOf(file, first, first + Math.ceil((count - label) / CLASSES));
    for (let i = label, at = 0; i < count; i += CLASSES, at += PIXELS) {
      pixels.set(images.subarray(at, at + PIXELS), i * PIXELS);
    }
  });
  const x = tf.tensor4d(toUnit(pixels), [count, SIDE, SIDE, 1]);
  return dataset(name, x, y, CLASSES, `fashion-mnist-${SHA256}/${first}-${count}`);
}

/** The pixels of the images from place `from` up to, not including, `to` of `{"data":[[0,9,…],…]}`.
 *  All numbers of the file are pixels, so they are read one after the other: JSON.parse takes three
 *  times as long. */
function pixelsOf(file: Buffer, from: number, to: number): Uint8Array {
  const pixels = new Uint8Array(Math.max(0, to - from) * PIXELS);
  let place = -from * PIXELS;
  let value = -1; // outside a number
  for (let i = 0; place < pixels.length && i < file.length; i++) {
    const digit = (file[i] as number) - 48; // code of "0"
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : 10 * value + digit;
    else if (value >= 0) {
      if (place >= 0) pixels[place] = value;
      place++;
      value = -1;
    }
  }
  return pixels;
}

function packageFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('fashion-mnist/package.json')), 'src/clothes');
}

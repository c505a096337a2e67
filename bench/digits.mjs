/** Writes digits of MNIST, x [N, 28, 28, 1] and y [N], for the peers to read.
 *
 *      node digits.mjs train|test number file */

import { writeFile } from 'node:fs/promises';
import { mnist, startEngine } from '../dist/index.js';
import { encodeTensors } from '../dist/lab/safetensors.js';

const [part, count, file = ''] = process.argv.slice(2);
await startEngine({ processes: 1 }); // nothing else computes
const size = Number(count);
const { x, y } =
  part === 'train'
    ? (await mnist({ train: size, test: 0 })).train
    : (await mnist({ train: 0, test: size })).test;
const tensors = {
  x: { shape: x.shape, values: Float32Array.from(x.dataSync()) },
  y: { shape: [y.length], values: Float32Array.from(y) },
};
await writeFile(file, encodeTensors({ tensors, metadata: {} }));

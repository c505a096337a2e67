/** Writes weights of madry-cnn for pgd.mjs and its peers: `natural.safetensors`, trained for one epoch,
 *  and `pgd-trained.safetensors`, if the cache has that model.
 *
 *      node pgd-models.mjs folder */

import { join } from 'node:path';
import {
  currentEngine,
  madryCnn,
  mnist,
  saveClassifier,
  startEngine,
  trained,
} from '../dist/index.js';
import { keptModel } from '../dist/lab/train.js';
import { DIGITS, NET, RECIPE } from './robust-recipe.mjs';

const [folder = ''] = process.argv.slice(2);
await startEngine({ processes: 1 }); // nothing else computes
const { train } = await mnist({ test: 0 });
const natural = await trained(madryCnn(), train, { epochs: 1, seed: 1 });
await saveClassifier(join(folder, 'natural.safetensors'), natural);
const { threads } = currentEngine();
const digits = (await mnist({ train: DIGITS, test: 0 })).train; // its key is that of the training
const robust = await keptModel(NET, digits, RECIPE, threads);
if (robust !== undefined) await saveClassifier(join(folder, 'pgd-trained.safetensors'), robust);

/** Writes weights of madry-cnn for pgd.mjs and its peers: `natural.safetensors`, trained for one epoch.
 *
 *      node pgd-models.mjs folder */

import { join } from 'node:path';
import { madryCnn, mnist, saveClassifier, startEngine, trained } from '../dist/index.js';

const [folder = ''] = process.argv.slice(2);
await startEngine();
const { train } = await mnist({ test: 0 });
const natural = await trained(madryCnn(), train, { epochs: 1, seed: 1 });
await saveClassifier(join(folder, 'natural.safetensors'), natural);

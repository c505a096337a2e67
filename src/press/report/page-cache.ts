/** What pages are dear to make of: font subsets, drawn figures, coloured code. Kept between builds. */

import { join } from 'node:path';
import type { RenderCache } from '../render/options.js';
import { keep, readKept } from './kept.js';

/** Entries belong to one state of the press, `pressKey`. A damaged entry counts as missing; a full
 *  disk only costs time later. */
export function pageCache(cacheFolder: string, pressKey: string): RenderCache {
  const folder = join(cacheFolder, 'pages');
  return {
    get: (key) => readKept(folder, `${pressKey}/${key}`),
    put: (key, text) => keep(folder, `${pressKey}/${key}`, text).catch(() => undefined),
  };
}

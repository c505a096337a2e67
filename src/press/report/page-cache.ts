/** What pages are dear to make of: font subsets, drawn figures, coloured code. Kept between builds. */

import { join } from 'node:path';
import cacache from 'cacache';
import type { RenderCache } from '../render/options.js';

/** Entries belong to one state of the press, `pressKey`. A damaged entry counts as missing; a full
 *  disk only costs time later. */
export function pageCache(cacheFolder: string, pressKey: string): RenderCache {
  const folder = join(cacheFolder, 'pages');
  return {
    get: async (key) =>
      (await cacache.get(folder, `${pressKey}/${key}`).catch(() => null))?.data.toString(),
    put: async (key, text) => {
      await cacache.put(folder, `${pressKey}/${key}`, text).catch(() => undefined);
    },
  };
}

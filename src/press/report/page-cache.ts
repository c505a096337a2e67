/** What pages are dear to make of: font subsets, drawn figures, coloured code. Kept between builds. */

import { join } from 'node:path';
import cacache from 'cacache';
import type { RenderCache } from '../render/options.js';

/** A damaged entry counts as missing; a full disk only costs time later. */
export function pageCache(cacheFolder: string): RenderCache {
  const folder = join(cacheFolder, 'pages');
  return {
    get: async (key) => (await cacache.get(folder, key).catch(() => null))?.data.toString(),
    put: async (key, text) => {
      await cacache.put(folder, key, text).catch(() => undefined);
    },
  };
}

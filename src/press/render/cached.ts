import { createHash } from 'node:crypto';
import type { RenderCache } from './options.js';

/** `make()`, or what an earlier run of the same code made of the same `parts`. */
export async function cached(
  cache: RenderCache | undefined,
  parts: readonly string[],
  make: () => Promise<string>,
): Promise<string> {
  if (cache === undefined) return make();
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const found = await cache.get(key);
  if (found !== undefined) return found;
  const made = await make();
  await cache.put(key, made);
  return made;
}

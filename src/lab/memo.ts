/** Results of long work, kept in the user's cache folder under a key of everything they depend on. */

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import cacache from 'cacache';

/** How a result becomes bytes and comes back; `decode` throws for bytes that it cannot read. */
export interface Codec<T> {
  encode(result: T): Buffer;
  decode(bytes: Buffer): T;
}

/** The cache folder: MARGINALIA_CACHE, else XDG_CACHE_HOME/marginalia, else ~/.cache/marginalia. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.MARGINALIA_CACHE) return env.MARGINALIA_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'marginalia');
}

/** SHA-256 of a plain JSON value. Properties count in the order in which they were written. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** What was kept under the key, or what `produce` makes, which is then kept. An entry that is
 *  damaged is made again; a folder that cannot be written only costs the keeping. */
export async function memoised<T>(
  key: string,
  codec: Codec<T>,
  produce: () => Promise<T>,
  folder: string = join(cacheFolder(), 'trained'),
): Promise<T> {
  const kept = await recalled(key, codec, folder);
  if (kept !== undefined) return kept.result;
  const result = await produce();
  await cacache.put(folder, key, codec.encode(result)).catch((error: Error) => {
    console.warn(`Not kept for the next run: ${error.message}`);
  });
  return result;
}

/** What was kept under the key; undefined where nothing was, or nothing that can be read. */
export async function recalled<T>(
  key: string,
  codec: Codec<T>,
  folder: string = join(cacheFolder(), 'trained'),
): Promise<{ readonly result: T } | undefined> {
  const entry = await cacache.get.info(folder, key).catch(() => null);
  if (entry === null) return undefined;
  try {
    const { data } = await cacache.get(folder, key); // checks the bytes against their hash
    return { result: codec.decode(data) };
  } catch {
    // The damaged bytes must go: the same result would be stored at the same place and not replace
    // them.
    await cacache.rm.content(folder, entry.integrity).catch(() => undefined);
    return undefined;
  }
}

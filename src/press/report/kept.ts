/** Results of earlier builds, kept in a folder of the cache under a key of what they depend on. */

import cacache from 'cacache';

/** The text under the key; undefined when there is none, or it is damaged. */
export async function readKept(folder: string, key: string): Promise<string | undefined> {
  const entry = await cacache.get.info(folder, key).catch(() => null);
  if (entry === null) return undefined;
  try {
    return (await cacache.get(folder, key)).data.toString(); // checks the bytes against their hash
  } catch {
    // The damaged bytes must go: the same text would be stored at the same place and not replace them.
    await cacache.rm.content(folder, entry.integrity).catch(() => undefined);
    return undefined;
  }
}

export async function keep(folder: string, key: string, text: string): Promise<void> {
  await cacache.put(folder, key, text);
}

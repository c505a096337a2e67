/** Fingerprints: what a result depends on, so that nothing unchanged is made twice. */

import { createHash } from 'node:crypto';
import { existsSync, readlinkSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { dependencyFolder } from './dependency-folder.js';

/** SHA-256 over the JSON of a plain value; the order of its keys does not count. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortKeys)).digest('hex');
}

/** For `JSON.stringify`: writes the keys of every object in order. */
export function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 over names and contents of files and folders; what does not exist counts as empty. */
export async function filesFingerprint(folder: string, parts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) {
    for (const file of await listFiles(join(folder, part))) {
      hash.update(relative(folder, file)).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function listFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What both halves stand on. */
const SHARED = ['errors', 'mime', 'vega-safety', 'whole-file'].map((name) => `dist/${name}.js`);
const LAB = ['dist/index.js', 'dist/attacks', 'dist/lab'];

/** The versions of all packages. Where npm has installed this one, its lock file is beside it. */
const LOCKS = ['package-lock.json', '../.package-lock.json'];

/** The code a cell can reach: the lab half of `dist`, and the lock file for all packages and data. */
export function labFingerprint(packageFolder: string): Promise<string> {
  return filesFingerprint(packageFolder, [...SHARED, ...LAB, ...LOCKS]);
}

/** The code that turns outputs into pages. */
export function pressFingerprint(packageFolder: string): Promise<string> {
  const parts = ['dist/press', ...SHARED, 'templates', ...LOCKS];
  return filesFingerprint(packageFolder, parts);
}

/** Which engine the kernel will load: results differ in the last digits between engines. */
export function engineFingerprint(packageFolder: string): string {
  const wanted = process.env.MARGINALIA_ENGINE ?? 'auto';
  const deps = join(dependencyFolder(packageFolder, '@tensorflow/tfjs-node'), 'deps');
  const native = existsSync(deps) ? linkTarget(deps) : 'none';
  return `${wanted}/${native}/node-${process.versions.node.split('.')[0]}`;
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path).split('/').at(-1) ?? 'folder';
  } catch {
    return 'folder';
  }
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packagedBrowser } from './browser-package.mjs';
import { probeBrowser } from './browser-probe.mjs';

/** @typedef {{path: string, version: string, source: string, args: string[]}} Browser */
/** @typedef {Browser | {missing: string}} BrowserFinding */

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const REMEDY =
  'Install Chrome or Chromium, or point PUPPETEER_EXECUTABLE_PATH to one; until then only HTML is printed';

/** Finds a Chromium that prints, in this order: PUPPETEER_EXECUTABLE_PATH, an installed one, the
 *  one inside the npm package @sparticuz/chromium. Found means launched.
 *  @param {{root: string, cache: string, env?: NodeJS.ProcessEnv}} where
 *  @returns {Promise<BrowserFinding>} */
export async function findBrowser({ root, cache, env = process.env }) {
  const wish = env.PUPPETEER_EXECUTABLE_PATH;
  if (wish) {
    // Someone who names a browser wants that one, and no other in its place.
    const found = await probeBrowser(wish, cache);
    if ('version' in found) return { path: wish, source: 'PUPPETEER_EXECUTABLE_PATH', ...found };
    return { missing: sentence([`PUPPETEER_EXECUTABLE_PATH ${wish}: ${found.reason}`]) };
  }
  /** @type {string[]} */
  const reasons = [];
  for await (const { path, source } of candidates(root, cache, env, reasons)) {
    const found = await probeBrowser(path, cache);
    if ('version' in found) return { path, source, ...found };
    reasons.push(`${path}: ${found.reason}`);
  }
  return { missing: sentence(reasons) };
}

/** @param {string} root @param {string} cache @param {NodeJS.ProcessEnv} env @param {string[]} reasons
 *  @returns {AsyncGenerator<{path: string, source: string}>} */
async function* candidates(root, cache, env, reasons) {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const installed = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of process.platform === 'darwin' ? [...MAC, ...installed] : installed) {
    if (existsSync(path)) yield { path, source: 'installed' };
  }
  try {
    const packaged = await packagedBrowser(root, cache);
    if (packaged === null) return;
    yield { path: packaged.plain, source: packaged.name };
    yield {
      path: packaged.withLibraries,
      source: `${packaged.name} with its own system libraries`,
    };
  } catch (error) {
    reasons.push(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string[]} reasons @returns {string} */
function sentence(reasons) {
  const why =
    reasons.length === 0 ? 'no Chromium found' : `no Chromium starts: ${reasons.join('; ')}`;
  const lacksNss = reasons.some((reason) => /lib(nss|nspr|plc|plds|expat)/.test(reason));
  const libraries = lacksNss
    ? 'Its system libraries come with apt install libnss3 libexpat1. '
    : '';
  return `${why}. ${libraries}${REMEDY}`;
}

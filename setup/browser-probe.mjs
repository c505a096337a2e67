import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keepNote, readJson } from './json-file.mjs';

/** @typedef {{version: string, args: string[]}} Launched */

const LAUNCH_LIMIT_MS = 30_000;

/** Prints a page of one word with this browser. A browser that prints is remembered, so that the
 *  next call takes no time until its file changes.
 *  @param {string} path @param {string} cache
 *  @returns {Promise<Launched | {reason: string}>} `args` are what it needs to start here */
export async function probeBrowser(path, cache) {
  const file = await stat(path).catch(() => null);
  if (file === null) return { reason: 'no such file' };
  const note = join(cache, 'browser', 'launched.json');
  const known = (await readJson(note)) ?? {};
  const mark = `${file.size}@${file.mtimeMs} user ${process.getuid?.() ?? 0}`;
  if (known[path]?.mark === mark) return known[path].launched;
  const launched = await launchSomehow(path);
  if ('version' in launched) {
    await keepNote(note, { ...(await readJson(note)), [path]: { mark, launched } });
  }
  return launched;
}

/** Chromium refuses its sandbox to root, and has none where the system gives it no namespaces.
 *  @param {string} path @returns {Promise<Launched | {reason: string}>} */
async function launchSomehow(path) {
  const bare = ['--no-sandbox'];
  const first = await launch(path, process.getuid?.() === 0 ? bare : []);
  if ('version' in first || process.getuid?.() === 0) return first;
  const second = await launch(path, bare);
  return 'version' in second ? second : first;
}

/** @param {string} path @param {string[]} args @returns {Promise<Launched | {reason: string}>} */
async function launch(path, args) {
  const { default: puppeteer } = await import('puppeteer-core');
  try {
    const options = {
      executablePath: path,
      args,
      timeout: LAUNCH_LIMIT_MS,
      protocolTimeout: LAUNCH_LIMIT_MS,
    };
    const browser = await puppeteer.launch({ ...options, headless: 'shell' });
    try {
      const page = await browser.newPage();
      await page.setContent('<p>marginalia');
      const pdf = await page.pdf({ tagged: true, timeout: LAUNCH_LIMIT_MS });
      if (pdf.length === 0) return { reason: 'it prints an empty file' };
      return { version: (await browser.version()).replace(/^.*\//, ''), args };
    } finally {
      await browser.close();
    }
  } catch (error) {
    return { reason: complaint(error instanceof Error ? error.message : String(error)) };
  }
}

/** The one line of a failed launch that says why.
 *  @param {string} message @returns {string} */
function complaint(message) {
  const lines = message.split('\n').map((line) => line.trim());
  const why = lines.find((line) => /shared librar|sandbox|ENOENT|EACCES|FATAL/.test(line));
  return why ?? lines.find((line) => line !== '') ?? 'no message';
}

/** A browser behind glass: it draws what it is given and reaches nothing else. */

import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { UserError } from '../../errors.js';
import { withLimit } from './pdf-limit.js';
import type { BrowserCommand } from './pdf-options.js';

/** One page of the browser, printed as often as its text changes. */
export interface Sheet {
  /** @throws UserError when the browser fails. */
  print(html: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface SealedBrowser {
  /** @throws UserError when the browser has ended. */
  openSheet(): Promise<Sheet>;
  /** Ends the process, by force if need be, and removes its folder. May be called twice. */
  close(): Promise<void>;
}

/** Prefetching passes by the interception of requests. So no name and no address resolves, and what
 *  still goes out goes to a proxy that is not there. */
const SEALS = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  '--disable-component-update',
];

/** Letters keep the distances of the font, not those of a screen's pixels. */
const UNHINTED = '--font-render-hinting=none';

const CLOSE_LIMIT_MS = 5_000;

/** @throws UserError when the browser does not start within the limit. */
export async function launchSealed(
  { path, args }: BrowserCommand,
  limitMs: number,
): Promise<SealedBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-print-')).catch((cause) => {
    throw new UserError(`expected to write temporary files in ${tmpdir()}, got ${cause.code}`, {
      hint: 'Free some space there, or set TMPDIR to another folder.',
      cause,
    });
  });
  const kill = new AbortController();
  const removeAll = async () => {
    kill.abort();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  try {
    await access(path, constants.X_OK);
    const started = puppeteer.launch({
      executablePath: path,
      args: [...args, ...SEALS, UNHINTED],
      headless: 'shell',
      pipe: true,
      userDataDir: join(folder, 'profile'),
      // A browser that is killed leaves files there.
      env: { ...process.env, TMPDIR: folder },
      signal: kill.signal,
      // The command ends a build in its own way, and closes the printer then.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const browser = await withLimit(started, limitMs, () =>
      notStarted(path, `none in ${limitMs} ms`),
    );
    return {
      openSheet: () =>
        openSheet(browser).catch((error) => {
          throw notPrinted(error);
        }),
      close: () => end(browser).then(removeAll),
    };
  } catch (error) {
    await removeAll();
    throw error instanceof UserError ? error : notStarted(path, firstLine(error), error);
  }
}

async function openSheet(browser: Browser): Promise<Sheet> {
  const page = await browser.newPage();
  // The printer has its own limit for all passes together.
  page.setDefaultTimeout(0);
  await page.setJavaScriptEnabled(false);
  await page.setOfflineMode(true);
  await refuseRequests(page);
  return {
    async print(html) {
      try {
        return await printPage(page, html);
      } catch (error) {
        throw notPrinted(error);
      }
    },
    close: () => page.close(),
  };
}

async function printPage(page: Page, html: string): Promise<Uint8Array> {
  await page.setContent(html, { waitUntil: 'load', timeout: 0 });
  return page.pdf({
    tagged: true,
    preferCSSPageSize: true,
    printBackground: true,
    waitForFonts: true,
    timeout: 0,
  });
}

async function refuseRequests(page: Page): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (request.url().startsWith('data:')) return;
    // `aborted` and no other reason: after those an error page takes the place of the report.
    request.abort('aborted').catch(() => undefined);
  });
}

async function end(browser: Browser): Promise<void> {
  const child = browser.process();
  const gone = child === null || hasEnded(child) ? undefined : once(child, 'exit');
  const asked = withLimit(browser.close(), CLOSE_LIMIT_MS, () => new Error('it does not answer'));
  await asked.catch(() => child?.kill('SIGKILL'));
  await gone;
}

function hasEnded(child: NonNullable<ReturnType<Browser['process']>>): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function notStarted(path: string, got: string, cause?: unknown): UserError {
  return new UserError(`expected a browser from ${path}, got ${got}`, {
    hint: 'Point PUPPETEER_EXECUTABLE_PATH to a Chrome or Chromium that starts, or build with --to html',
    cause,
  });
}

function notPrinted(cause: unknown): UserError {
  return new UserError(`expected the browser to print the page, got "${firstLine(cause)}"`, {
    hint: 'Try another Chromium with PUPPETEER_EXECUTABLE_PATH, or build with --to html',
    cause,
  });
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}

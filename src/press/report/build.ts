/** The path from notebook to page:
 *
 *      file ── parse ──> Notebook ── kernel or cache ──> executed Notebook
 *           ── compose ──> Document ── render ──> HTML ── print ──> PDF ── write ──> reports/
 *
 *  A report is written only when it is complete: whatever fails, the old one stays. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { formatProblem, type Problem, UserError } from '../../errors.js';
import { parseLedger } from '../document/claims.js';
import { compose } from '../document/compose.js';
import type { Document } from '../document/types.js';
import { parseNotebook } from '../notebook/parse.js';
import type { Notebook } from '../notebook/types.js';
import { renderHtml } from '../render/html.js';
import type { RenderCache } from '../render/options.js';
import { type Book, type BookItem, looseItem, type Profile, readBook } from './config.js';
import type { BuildEffects, Show } from './effects.js';
import { type Executed, earlier, executed } from './execution.js';
import { fingerprint, pressFingerprint } from './fingerprint.js';
import { shelfEntry, writeIndex } from './index-page.js';
import { pageCache } from './page-cache.js';
import { type LazyPrinter, lazyPrinter } from './printer.js';
import { tellProgress } from './progress.js';
import { colophonOf, type Run } from './provenance.js';
import { savedNotebook } from './saved-notebook.js';
import { type Format, pagePath, readShelf, type Shelf, shelve, stands, write } from './shelf.js';

export interface BuildRequest {
  /** Paths, or beginnings of names in the book; empty for all of the book. */
  readonly notebooks: readonly string[];
  readonly formats: readonly Format[];
  readonly profile: Profile;
  readonly execute: boolean;
  /** Folder of the reports. */
  readonly out: string;
}

/** What the stages share during one build. */
interface Shop {
  readonly request: BuildRequest;
  readonly effects: BuildEffects;
  readonly language: string;
  readonly pressKey: string;
  readonly printer: LazyPrinter;
  readonly cache: RenderCache;
  shelf: Shelf;
}

/** Builds the reports one after the other; returns what failed. One failure stops no other report. */
export async function build(
  request: BuildRequest,
  effects: BuildEffects,
): Promise<readonly unknown[]> {
  const { book, items } = await select(request);
  const shop: Shop = {
    request,
    effects,
    language: book?.language ?? 'en',
    pressKey: await pressFingerprint(effects.packageFolder),
    printer: lazyPrinter(request.formats.includes('pdf'), effects),
    cache: pageCache(effects.cacheFolder),
    shelf: await readShelf(request.out),
  };
  const tasks = items.map((item) => ({
    title: item.slug,
    work: (show: Show) => makeReport(item, shop, show),
  }));
  try {
    const failures = await effects.runTasks(tasks);
    if (book !== null) await writeIndex(book, shop.shelf, shop.cache);
    return failures;
  } finally {
    await shop.printer.close();
  }
}

/** The notebooks that were asked for: of the book, or files that no book lists. */
async function select(
  request: BuildRequest,
): Promise<{ book: Book | null; items: readonly BookItem[] }> {
  const loose = request.notebooks.filter((name) => name.endsWith('.ipynb'));
  if (
    loose.length > 0 &&
    loose.length === request.notebooks.length &&
    !existsSync('notebooks/book.yml')
  ) {
    return { book: null, items: loose.map(looseItem) };
  }
  const book = await readBook('notebooks', request.profile);
  if (request.notebooks.length === 0) return { book, items: book.items };
  const items = request.notebooks.map((name) => {
    const listed = book.items.find((item) => item.slug.startsWith(name) || item.shownPath === name);
    if (listed !== undefined) return listed;
    if (name.endsWith('.ipynb')) return looseItem(name);
    throw new UserError(`expected a notebook, got ${name}`, {
      hint: `The book has ${book.items.map(({ slug }) => slug).join(', ')}; a path ends in .ipynb.`,
    });
  });
  return { book, items };
}

/** One notebook from file to pages; says what was done. */
async function makeReport(item: BookItem, shop: Shop, show: Show): Promise<string> {
  const { request, effects } = shop;
  const source = parseNotebook(await readText(item), item.shownPath);
  const ran = request.execute
    ? await executed(source, item, request.profile, effects, tellProgress(show, effects.now))
    : await lastRun(source, item, shop);
  const key = await pageKey(ran, item, shop);
  const wanted = await shop.printer.possible(request.formats);
  const missing = wanted.filter((format) => !stands(shop.shelf, item.slug, format, key));
  if (missing.length === 0) return 'nothing has changed';

  show('composing');
  const document = await composeReport(ran, item, shop);
  refuse(document.problems, effects.warn);
  await writePages(document, ran, item, { key, missing, wanted }, shop, show);
  return `${wanted.map((format) => pagePath(shop.shelf, item.slug, format)).join(', ')}`;
}

async function readText(item: BookItem): Promise<string> {
  return readFile(item.path, 'utf8').catch((cause: unknown) => {
    throw new UserError('expected a notebook file, got nothing that can be read', {
      where: { file: item.shownPath },
      hint: 'Check the path.',
      cause,
    });
  });
}

async function lastRun(source: Notebook, item: BookItem, shop: Shop): Promise<Executed> {
  const path = pagePath(shop.shelf, item.slug, 'ipynb');
  if (!existsSync(path)) return earlier(source, null, null);
  const before = parseNotebook(await readFile(path, 'utf8'), path);
  const { run } = (before.metadata.marginalia ?? {}) as { run?: Run };
  return earlier(source, before, run ?? null);
}

/** Everything the pages depend on: the executed notebook, what lies beside it, and the press. */
async function pageKey(ran: Executed, item: BookItem, shop: Shop): Promise<string> {
  return fingerprint({
    notebook: ran.notebook,
    run: ran.run,
    kicker: item.kicker,
    ledger: await readOrEmpty(item.ledgerPath),
    bibliography: await readOrEmpty(item.bibliographyPath),
    press: shop.pressKey,
    formats: await shop.printer.possible(['html', 'pdf']),
  });
}

async function composeReport(ran: Executed, item: BookItem, shop: Shop): Promise<Document> {
  const ledger = await readOrEmpty(item.ledgerPath);
  return compose(ran.notebook, {
    slug: item.slug,
    kicker: item.kicker,
    language: shop.language,
    date: ran.run.date.slice(0, 10),
    profile: ran.run.profile,
    verdicts: ran.run.profile !== 'smoke',
    ledger: ledger === '' ? null : parseLedger(ledger, item.ledgerPath),
    bibliography: await readOrEmpty(item.bibliographyPath),
    colophon: colophonOf(ran.run),
  });
}

/** Warnings are said; errors stop the report, all of them named. */
function refuse(problems: readonly Problem[], warn: (line: string) => void): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of problems) {
    if (problem.severity === 'warning') warn(`warning: ${formatProblem(problem)}`);
  }
  const [first, ...others] = errors;
  if (first === undefined) return;
  throw new UserError([first.message, ...others.map(formatProblem)].join('\n  '), {
    where: first.where,
    hint: first.hint,
  });
}

async function writePages(
  document: Document,
  ran: Executed,
  item: BookItem,
  pages: { key: string; missing: readonly Format[]; wanted: readonly Format[] },
  shop: Shop,
  show: Show,
): Promise<void> {
  const { shelf, effects } = shop;
  const links = {
    home: 'index.html',
    notebook: `${item.slug}.ipynb`,
    ...(pages.wanted.includes('pdf') ? { pdf: `${item.slug}.pdf` } : {}),
  };
  const options = { links, key: pages.key, cache: shop.cache };
  const files = new Map<Format | 'ipynb', string | Uint8Array>();
  const notebook = await savedNotebook(ran);
  files.set('ipynb', notebook);
  if (pages.missing.includes('html')) {
    show('setting the page');
    files.set('html', await renderHtml(document, { ...options, target: 'screen' }));
  }
  if (pages.missing.includes('pdf')) {
    show('printing');
    const html = await renderHtml(document, { ...options, target: 'print' });
    files.set('pdf', await shop.printer.print(html, document, notebook));
  }
  for (const [ending, content] of files) await write(pagePath(shelf, item.slug, ending), content);
  const keys = Object.fromEntries(pages.missing.map((format) => [format, pages.key]));
  const entry = shelfEntry(document, item.number, 'pdf' in links);
  shop.shelf = await shelve(shelf, item.slug, keys, entry);
  if (effects.signal.aborted) throw new UserError('interrupted', { hint: 'Start again to go on.' });
}

function readOrEmpty(path: string): Promise<string> {
  return existsSync(path) ? readFile(path, 'utf8') : Promise.resolve('');
}

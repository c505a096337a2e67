/** The path from notebook to page:
 *
 *      file ── parse ──> Notebook ── kernel or cache ──> executed Notebook
 *           ── compose ──> Document ── render ──> HTML ── print ──> PDF ── write ──> reports/
 *
 *  A report is written only when it is complete: whatever fails, the old one stays. */

import { formatProblem, type Problem, UserError } from '../../errors.js';
import { parseLedger } from '../document/claims.js';
import { compose } from '../document/compose.js';
import type { Document } from '../document/types.js';
import { parseNotebook } from '../notebook/parse.js';
import { renderHtml } from '../render/html.js';
import type { RenderCache } from '../render/options.js';
import type { Book, BookItem } from './config.js';
import type { BuildEffects, Show } from './effects.js';
import { type Executed, earlier, executed } from './execution.js';
import { fingerprint } from './fingerprint.js';
import { fullRunEntry, fullRunOf } from './full-run.js';
import { shelfEntry } from './index-page.js';
import { keepMeasured, type MeasuredRun, readMeasured } from './measured.js';
import type { LazyPrinter } from './printer.js';
import { tellProgress } from './progress.js';
import { colophonOf } from './provenance.js';
import type { BuildRequest } from './request.js';
import { savedNotebook } from './saved-notebook.js';
import {
  type Ending,
  type PageKeys,
  pageAddress,
  pagePath,
  readShelf,
  type Shelf,
  shelve,
  stands,
} from './shelf.js';
import { type Content, onShelf } from './shelf-writing.js';
import { type Beside, readBeside, readSource } from './sources.js';
import { removeUnfinished, saveUnfinished } from './unfinished.js';

/** What the reports of one build share. */
export interface Shop {
  readonly request: BuildRequest;
  readonly effects: BuildEffects;
  readonly book: Book | null;
  readonly pressKey: string;
  readonly printer: LazyPrinter;
  readonly cache: RenderCache;
}

/** What is printed besides the executed notebook. */
interface Surroundings extends Beside {
  /** The run in profile `full` whose values stand beside those of this run. */
  readonly full: MeasuredRun | null;
}

/** One notebook from file to pages; resolves to a few words on what was done. Throws UserError for
 *  the first thing that cannot be read or run, and AggregateError of UserErrors when the text has
 *  mistakes. */
export async function makeReport(item: BookItem, shop: Shop, show: Show): Promise<string> {
  const { request, effects } = shop;
  const source = parseNotebook(await readSource(item), item.shownPath);
  // Read before the run: what is wrong with it is told at once.
  const measured = await readMeasured(item.measuredPath, item.slug);
  const shelf = await readShelf(request.out);
  const ran = request.execute
    ? await executed(source, item, request, effects, tellProgress(show, effects.now))
    : await earlier(source, pagePath(shelf, item.slug, 'ipynb'), effects.warn);
  if (ran.unfinished !== undefined) return saveUnfinished(ran, ran.unfinished, item.slug, shop);
  if (request.execute) await removeUnfinished(request.out, item.slug);
  const isFull = ran.run.profile === 'full';
  if (request.execute && isFull && item.measuredPath !== null) {
    await keepMeasured(item.measuredPath, item.slug, fullRunOf(ran), effects.lock);
  }
  const beside = { ...(await readBeside(item)), full: isFull ? null : measured };
  const plan = await planPages(baseKey(ran, beside, item, shop), shelf, item, shop);
  if (plan.missing.length === 0) return 'nothing has changed';

  show('composing');
  const document = composeReport(ran, beside, item, shop);
  refuse(document.problems, effects.warn);
  const files = await makeFiles(document, ran, plan, item, shop, show);
  await onShelf(request.out, effects.lock, () =>
    shelve(request.out, item.slug, files, plan.keys, shelfEntry(document, item.number)),
  );
  return plan.missing.map((ending) => pagePath(shelf, item.slug, ending)).join(', ');
}

/** Everything that is printed hangs on this: the executed notebook, what lies beside it, the press. */
function baseKey(
  { notebook, run }: Executed,
  beside: Surroundings,
  item: BookItem,
  shop: Shop,
): string {
  const { kicker, number } = item;
  const about = { kicker, number, language: languageOf(shop), listed: isListed(item, shop) };
  return fingerprint({ notebook, run, beside, ...about, pressKey: shop.pressKey });
}

const languageOf = ({ book }: Shop): string => book?.language ?? 'en';

/** Only of the notebooks of the book there is a cover to link to. */
const isListed = (item: BookItem, { book }: Shop): boolean => book?.items.includes(item) ?? false;

interface Plan {
  /** What each file must be made from to be up to date. */
  readonly keys: PageKeys;
  /** What has to be made. */
  readonly missing: readonly Ending[];
  /** The HTML page has a PDF to link to. */
  readonly linksPdf: boolean;
}

async function planPages(base: string, shelf: Shelf, item: BookItem, shop: Shop): Promise<Plan> {
  const { formats } = shop.request;
  const standing = await stands(shelf, item.slug, 'pdf', base);
  const pdf = standing || (formats.includes('pdf') && (await shop.printer.ready()));
  const keys: Required<PageKeys> = { ipynb: base, pdf: base, html: pdf ? `${base}-pdf` : base };
  const wanted = (['ipynb', 'html', 'pdf'] as const).filter(
    (ending) => ending === 'ipynb' || (formats.includes(ending) && (ending !== 'pdf' || pdf)),
  );
  const missing: Ending[] = [];
  for (const ending of wanted) {
    if (!(await stands(shelf, item.slug, ending, keys[ending]))) missing.push(ending);
  }
  const made = Object.fromEntries(wanted.map((ending) => [ending, keys[ending]]));
  return { keys: made, missing, linksPdf: pdf };
}

function composeReport(
  { notebook, run }: Executed,
  beside: Surroundings,
  item: BookItem,
  shop: Shop,
): Document {
  return compose(notebook, {
    slug: item.slug,
    kicker: item.kicker,
    language: languageOf(shop),
    date: run.date.slice(0, 10),
    profile: run.profile,
    verdicts: run.profile !== 'smoke',
    ledger: beside.ledger === '' ? null : parseLedger(beside.ledger, item.ledgerPath),
    full: beside.full?.values ?? null,
    bibliography: beside.bibliography,
    colophon: [...colophonOf(run), ...fullRunEntry(beside.full, notebook)],
  });
}

/** Warnings are said; errors stop the report, all of them named. */
function refuse(problems: readonly Problem[], warn: (line: string) => void): void {
  for (const problem of problems) {
    if (problem.severity === 'warning') warn(`warning: ${formatProblem(problem)}`);
  }
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new AggregateError(
    errors.map(({ message, where, hint }) => new UserError(message, { where, hint })),
  );
}

/** All files of the report that are not up to date, before any of them is written. */
async function makeFiles(
  document: Document,
  ran: Executed,
  { keys, missing, linksPdf }: Plan,
  item: BookItem,
  shop: Shop,
  show: Show,
): Promise<Map<Ending, Content>> {
  const { printer, cache } = shop;
  const links = {
    notebook: pageAddress(item.slug, 'ipynb'),
    ...(isListed(item, shop) ? { home: 'index.html' } : {}),
    ...(linksPdf ? { pdf: pageAddress(item.slug, 'pdf') } : {}),
  };
  const page = (target: 'screen' | 'print', key = '') =>
    renderHtml(document, { links, key, cache, target });
  const notebook = await savedNotebook(ran, cache);
  const files = new Map<Ending, Content>();
  if (missing.includes('ipynb')) files.set('ipynb', notebook);
  if (missing.includes('html')) {
    show('setting the page');
    files.set('html', await page('screen', keys.html));
  }
  if (missing.includes('pdf')) {
    show('printing');
    files.set('pdf', await printer.print(await page('print', keys.pdf), document, notebook));
  }
  return files;
}

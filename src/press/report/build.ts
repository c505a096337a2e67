/** A build: every notebook of the book becomes a report, and the cover lists them. `make-report.ts`
 *  is the path of one notebook. */

import { errorsIn, UserError } from '../../errors.js';
import type { Book } from './config.js';
import type { BuildEffects, Show, Task } from './effects.js';
import { pressFingerprint } from './fingerprint.js';
import { writeIndex } from './index-page.js';
import { makeReport, type Shop } from './make-report.js';
import { refuseOverwriting } from './overwriting.js';
import { pageCache } from './page-cache.js';
import { lazyPrinter } from './printer.js';
import { tellFinish } from './progress.js';
import type { BuildRequest } from './request.js';
import { select } from './select.js';
import { makeShelf } from './shelf.js';
import { onShelf } from './shelf-writing.js';

/** Builds the first report, so that it is there early, then the others, several at once, then the
 *  cover. One failure stops no other report.
 *  Returns what failed, one error for each mistake; empty when all went well. Throws UserError when
 *  nothing can be built: no book, an unknown name, no folder to write to, a notebook in the way. */
export async function build(
  request: BuildRequest,
  effects: BuildEffects,
): Promise<readonly unknown[]> {
  const { book, items } = await select(request);
  await refuseOverwriting(items, book, request.out);
  await makeShelf(request.out);
  const printer = lazyPrinter(request.formats, effects);
  const pressKey = await pressFingerprint(effects.packageFolder);
  const shop: Shop = {
    request,
    effects,
    book,
    pressKey,
    printer,
    cache: pageCache(effects.cacheFolder, pressKey),
  };
  const reports = items.map((item) => ({
    title: item.slug,
    work: (show: Show) => makeReport(item, shop, show),
  }));
  const cover = book === null ? [] : [coverTask(book, shop)];
  try {
    // Without HTML to write nothing is left to do, so this is said before any cell runs.
    if (!request.formats.includes('html')) await printer.ready();
    const thrown: unknown[] = [];
    for (const group of [reports.slice(0, 1), reports.slice(1), cover]) {
      const tasks = group.map((task) => untilTheEnd(task, effects));
      thrown.push(...(await effects.runTasks(tasks, request.jobs)));
    }
    const failures = thrown.flatMap(errorsIn);
    if (isEnding(effects) && failures.length === 0) return [interrupted()];
    return failures;
  } finally {
    await printer.close();
  }
}

function coverTask(book: Book, { request, effects, cache }: Shop): Task {
  const work = () => writeIndex(book, request.out, cache);
  return { title: 'index', work: () => onShelf(request.out, effects.lock, work) };
}

/** After an interruption the tasks that are left do nothing. */
function untilTheEnd({ title, work }: Task, effects: BuildEffects): Task {
  return {
    title,
    async work(show) {
      if (isEnding(effects)) return 'not started';
      const over = new AbortController();
      return work(tellFinish(show, effects.finish, over.signal)).finally(() => over.abort());
    },
  };
}

const isEnding = ({ finish, signal }: BuildEffects): boolean => finish.aborted || signal.aborted;

function interrupted(): UserError {
  return new UserError('expected an undisturbed build, got an interruption', {
    hint: 'Start again to go on: reports, results and trained models that are finished are kept.',
  });
}

/** From a finished page to the bytes of a PDF. The browser and the PDF library are loaded when the
 *  first printer is opened: the commands that print nothing do not wait for them. */

import { UserError } from '../../errors.js';
import { withLimit } from './pdf-limit.js';
import type { BrowserCommand, PdfOptions } from './pdf-options.js';

export interface Printer {
  /** A page of the target `print` as a tagged PDF with outline; the same page and options give the
   *  same bytes. One page at a time.
   *  @throws UserError when the browser does not finish, or dies; the next page gets a new one. */
  print(html: string, options: PdfOptions): Promise<Uint8Array>;
  /** Ends the browser and removes its folder. */
  close(): Promise<void>;
}

/** How long the browser may take to start, and a report to print. Milliseconds. */
interface PrintLimits {
  readonly launchMs: number;
  readonly printMs: number;
}

const LIMITS: PrintLimits = { launchMs: 60_000, printMs: 60_000 };

/** Starts a browser that prints: it runs no script, sends no request and opens no file.
 *  @throws UserError when it does not start. */
export async function openPrinter(
  command: BrowserCommand,
  limits: PrintLimits = LIMITS,
): Promise<Printer> {
  const [{ launchSealed }, { printReport }] = await Promise.all([
    import('./pdf-browser.js'),
    import('./pdf-report.js'),
  ]);
  const launch = () => launchSealed(command, limits.launchMs);
  let browser = await launch();
  const openSheet = async () => {
    // It may have died while it had nothing to do, which shows when it is asked.
    const sheet = await browser.openSheet().catch(() => undefined);
    if (sheet !== undefined) return sheet;
    await browser.close();
    browser = await launch();
    return browser.openSheet();
  };
  const print = async (html: string, options: PdfOptions) =>
    printReport(await openSheet(), html, options);
  return {
    async print(html, options) {
      try {
        return await withLimit(print(html, options), limits.printMs, () =>
          tooLong(options, limits),
        );
      } catch (error) {
        // A browser that failed once does not get the next page.
        await browser.close();
        throw error;
      }
    },
    close: () => browser.close(),
  };
}

function tooLong({ title }: PdfOptions, { printMs }: PrintLimits): UserError {
  return new UserError(
    `expected the PDF of "${title}" within ${printMs / 1000} s, got none in that time`,
    { hint: 'Build again when the machine is less busy, or build with --to html' },
  );
}

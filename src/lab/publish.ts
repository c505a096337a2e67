/** The lab's end of the wire: each result leaves a cell as one complete MIME bundle. */

import { UserError } from '../errors.js';
import {
  METADATA_KEY,
  type Published,
  type PublishedClaim,
  type PublishedEngine,
  type PublishedFigure,
  type PublishedGrid,
  type PublishedSource,
  type PublishedTable,
  type PublishedTraining,
  type PublishedValue,
  VEGA_LITE,
  type VegaLiteSpec,
} from '../mime.js';
import { refusal } from '../vega-safety.js';
import { claimText, gridHtml, gridText, tableHtml, tableText, valueText } from './fallback.js';
import { loadedModules } from './loaded-modules.js';
import type { Measured } from './measured.js';
import { sendAtOnce } from './send-at-once.js';

/** One display message: what Jupyter draws, and what the report needs besides. */
export interface Bundle {
  readonly data: { readonly [mime: string]: unknown };
  readonly metadata: { readonly [METADATA_KEY]: Published };
}

/** Where bundles go. */
export type Sink = (bundle: Bundle) => void;

let sink: Sink = sendToKernel;

/** Sends bundles to `next` instead of the kernel, until the returned function is called. */
export function redirectTo(next: Sink): () => void {
  const previous = sink;
  sink = next;
  return () => {
    sink = previous;
  };
}

/** Sends on what another process published. */
export function passOn(bundle: Bundle): void {
  sink(bundle);
}

/** Shows a Vega-Lite specification; caption, label and alternative text stand in the cell's
 *  options. Throws UserError for what the report would not draw: an address, for a report must not
 *  fetch anything, and more than 100,000 rows. */
export function figure(spec: VegaLiteSpec): void {
  const refused = refusal(spec);
  if (refused !== null) throw new UserError(refused.message, { hint: refused.hint });
  const published: PublishedFigure = { kind: 'figure' };
  send({ [VEGA_LITE]: spec, 'text/plain': '[figure]' }, published);
}

/** Shows rows of small images, pixel by pixel. scale: default 3. */
export function grid(images: Omit<PublishedGrid, 'kind' | 'scale'> & { scale?: number }): void {
  const published: PublishedGrid = { scale: 3, ...images, kind: 'grid' };
  if (!Number.isInteger(published.scale) || published.scale < 1) {
    throw new UserError(`expected a whole number as scale, got ${published.scale}`, {
      hint: 'Pixels stay sharp only when each is enlarged a whole number of times.',
    });
  }
  send({ 'text/html': gridHtml(published), 'text/plain': gridText(published) }, published);
}

/** Shows a table. Throws UserError for a row without a cell for some column, or with a number
 *  that is not finite; an empty cell is `null`. */
export function table(contents: Omit<PublishedTable, 'kind'>): void {
  const published: PublishedTable = { kind: 'table', ...contents };
  for (const [index, row] of published.rows.entries()) {
    for (const column of published.columns) {
      const cell = row[column.key];
      if (cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell))) {
        throw new UserError(
          `expected text, a finite number or null in row ${index + 1} under "${column.key}", got ${cell}`,
          { hint: 'Write null for an empty cell.' },
        );
      }
    }
  }
  send({ 'text/html': tableHtml(published), 'text/plain': tableText(published) }, published);
}

/** What a published number rests on. */
export type ValueDetails = Omit<PublishedValue, 'kind' | 'name' | 'value'>;

/** Publishes one number under a name that prose, captions and claims quote. Shares are fractions.
 *  Throws UserError for a name with odd characters, and for a number or an interval that is not
 *  finite. */
export function value(name: string, number: number | Measured, details: ValueDetails = {}): void {
  if (!/^[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*$/.test(name)) {
    throw new UserError(`expected a name such as softmax.fgsm.error, got "${name}"`, {
      hint: 'Use letters, digits, dots and hyphens.',
    });
  }
  const measured = typeof number === 'number' ? { value: number } : number;
  if (!Number.isFinite(measured.value)) {
    throw new UserError(`expected a finite number for ${name}, got ${measured.value}`, {
      hint: 'A mean over no images is NaN: check that there are any.',
    });
  }
  const published: PublishedValue = { kind: 'value', name, ...measured, ...details };
  if (published.interval?.some((end) => !Number.isFinite(end))) {
    throw new UserError(`expected a finite interval for ${name}, got [${published.interval}]`, {
      hint: 'Leave the interval out where there is none.',
    });
  }
  send({ 'text/plain': valueText(published) }, published);
}

/** Marks the place of the verdict on a claim of the paper, and what the verdict rests on. */
export function claim(id: string, details: Omit<PublishedClaim, 'kind' | 'id'> = {}): void {
  const published: PublishedClaim = { kind: 'claim', id, ...details };
  send({ 'text/plain': claimText(published) }, published);
}

/** Names the engine in the colophon. */
export function publishEngine(engine: Omit<PublishedEngine, 'kind'>): void {
  const published: PublishedEngine = { kind: 'engine', ...engine };
  send({ 'text/plain': `engine: ${engine.name} ${engine.version}` }, published);
}

/** Names a data file in the colophon. */
export function publishSource(source: Omit<PublishedSource, 'kind'>): void {
  const published: PublishedSource = { kind: 'source', ...source };
  send({ 'text/plain': `${source.name}: ${source.detail}` }, published);
}

/** Names a training in the colophon. */
export function publishTraining(training: Omit<PublishedTraining, 'kind'>): void {
  const published: PublishedTraining = { kind: 'training', ...training };
  const { model, data, settings } = training;
  const words = Object.entries(settings).map(([name, text]) => `${name} ${text}`);
  send({ 'text/plain': `model ${model}: ${[data, ...words].join('; ')}` }, published);
}

const PROGRESS_INTERVAL_MS = 400;
let lastProgress = 0;

/** News out of a long cell, at most every 0.4 s. */
export function progress(text: string, done: number, total: number): void {
  const now = performance.now();
  if (now - lastProgress < PROGRESS_INTERVAL_MS) return;
  lastProgress = now;
  send({ 'text/plain': `${text} ${done}/${total}` }, { kind: 'progress', text, done, total });
}

function send(data: Bundle['data'], published: Published): void {
  sink({ data, metadata: { [METADATA_KEY]: published } });
}

interface KernelOutput {
  lastWriteDisplayData: ((message: object, update: boolean) => void) | null;
}

/** tslab's public API sends one MIME type a message and no metadata; its writer takes a whole bundle.
 *  The running kernel is found among the loaded modules, wherever its tslab is installed; one that
 *  does not run has no writer. Outside a kernel there is none, and nothing is sent. */
function sendToKernel({ data, metadata }: Bundle): void {
  sendAtOnce();
  for (const kernel of loadedModules(/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/) as KernelOutput[]) {
    kernel.lastWriteDisplayData?.({ data, metadata, transient: {} }, false);
  }
}

/** The executed notebook as a file, for JupyterLab and for `--no-execute`, and back. */

import { UserError } from '../../errors.js';
import { METADATA_KEY, SVG, VEGA_LITE, type VegaLiteSpec } from '../../mime.js';
import { parseNotebook } from '../notebook/parse.js';
import { serializeNotebook } from '../notebook/serialize.js';
import type { Cell, DisplayOutput, Notebook, Output } from '../notebook/types.js';
import { drawnFigure } from '../render/figure.js';
import type { RenderCache } from '../render/options.js';
import { type Run, runSchema } from './provenance.js';

export interface SavedNotebook {
  readonly notebook: Notebook;
  readonly run: Run;
}

/** nbformat JSON with the outputs and the facts of the run. Every figure that can be drawn also
 *  carries its SVG, for viewers that cannot draw Vega-Lite. */
export async function savedNotebook(
  { notebook, run }: SavedNotebook,
  cache: RenderCache,
): Promise<string> {
  const picture = (output: Output) => withPicture(output, cache);
  const cells = await Promise.all(
    notebook.cells.map(async (cell): Promise<Cell> => {
      if (cell.cell_type !== 'code') return cell;
      return { ...cell, outputs: await Promise.all(cell.outputs.map(picture)) };
    }),
  );
  const own = notebook.metadata[METADATA_KEY] as object | undefined;
  const metadata = { ...notebook.metadata, [METADATA_KEY]: { ...own, run } };
  return serializeNotebook({ ...notebook, metadata, cells });
}

/** What `savedNotebook` wrote, without the pictures it added; null when the file holds no run, or one
 *  of another version.
 *  Throws UserError for a text that is no notebook. */
export function readSavedNotebook(text: string, path: string): SavedNotebook | null {
  const notebook = parseNotebook(text, path);
  const { run } = (notebook.metadata[METADATA_KEY] ?? {}) as { run?: unknown };
  const read = runSchema.safeParse(run);
  if (!read.success) return null;
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: cell.outputs.map(withoutPicture) } : cell,
  );
  return { notebook: { ...notebook, cells }, run: read.data };
}

async function withPicture(output: Output, cache: RenderCache): Promise<Output> {
  if (!isOwnFigure(output)) return output;
  try {
    const spec = output.data[VEGA_LITE] as VegaLiteSpec;
    const { svg } = await drawnFigure(spec, 'screen', cache);
    return { ...output, data: { ...output.data, [SVG]: svg } };
  } catch (error) {
    // The page refuses a figure that it shows and cannot draw; a hidden one harms nobody.
    if (error instanceof UserError) return output;
    throw error;
  }
}

function withoutPicture(output: Output): Output {
  if (!isOwnFigure(output)) return output;
  const { [SVG]: _, ...data } = output.data;
  return { ...output, data };
}

function isOwnFigure(output: Output): output is DisplayOutput {
  return (
    output.output_type === 'display_data' &&
    METADATA_KEY in output.metadata &&
    VEGA_LITE in output.data
  );
}

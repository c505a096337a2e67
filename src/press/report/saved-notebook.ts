/** The executed notebook as a file: for JupyterLab, and for `--no-execute`. */

import { METADATA_KEY, SVG, VEGA_LITE, type VegaLiteSpec } from '../../mime.js';
import { serializeNotebook } from '../notebook/serialize.js';
import type { Cell, DisplayOutput, Output } from '../notebook/types.js';
import { draw } from '../render/draw.js';
import { sizedSpec } from '../render/figure-spec.js';
import type { Executed } from './execution.js';

/** nbformat JSON with the outputs and the facts of the run. Every figure also carries its SVG, for
 *  viewers that cannot draw Vega-Lite. */
export async function savedNotebook({ notebook, run }: Executed): Promise<string> {
  const cells = await Promise.all(notebook.cells.map(withPictures));
  const own = notebook.metadata[METADATA_KEY] as object | undefined;
  const metadata = { ...notebook.metadata, [METADATA_KEY]: { ...own, run } };
  return serializeNotebook({ ...notebook, metadata, cells });
}

async function withPictures(cell: Cell): Promise<Cell> {
  if (cell.cell_type !== 'code') return cell;
  return { ...cell, outputs: await Promise.all(cell.outputs.map(withPicture)) };
}

async function withPicture(output: Output): Promise<Output> {
  if (output.output_type !== 'display_data' || !isOwnFigure(output)) return output;
  const { svg } = await draw(sizedSpec(output.data[VEGA_LITE] as VegaLiteSpec, 'screen'));
  return { ...output, data: { ...output.data, [SVG]: svg } };
}

/** Published by the lab, so its specification was checked when the document was composed. */
function isOwnFigure({ data, metadata }: DisplayOutput): boolean {
  return METADATA_KEY in metadata && VEGA_LITE in data;
}

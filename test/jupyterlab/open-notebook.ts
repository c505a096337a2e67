/** A notebook open in JupyterLab, in a browser without a window. JupyterLab gives its application to
 *  the page as `jupyterapp`. */

import type { Browser } from 'puppeteer-core';

const START_LIMIT_MS = 120_000;

export interface OpenNotebook {
  /** Runs all cells and waits until they are done. */
  run(): Promise<void>;
  look(): Promise<Seen>;
  close(): Promise<void>;
}

/** What stands in the page. */
export interface Seen {
  readonly codeCells: number;
  /** Code cells that have run. */
  readonly ran: number;
  /** Errors, and what went to stderr. */
  readonly complaints: readonly string[];
  /** Calls of `figure` in the cells, figures published, and those that are drawn, with ink. */
  readonly figureCalls: number;
  readonly figures: number;
  readonly drawn: number;
  /** Calls of `grid` in the cells, grids published, their images, and those that loaded. */
  readonly gridCalls: number;
  readonly grids: number;
  readonly images: number;
  readonly loaded: number;
}

/** Opens the notebook and waits until it is loaded and its kernel is idle. */
export async function openNotebook(browser: Browser, address: string): Promise<OpenNotebook> {
  const page = await browser.newPage();
  page.setDefaultTimeout(START_LIMIT_MS);
  await page.setViewport({ width: 1400, height: 1000 });
  await page.goto(address);
  await page.waitForFunction(READY);
  return {
    async run() {
      await page.evaluate(RUN);
    },
    look: () => page.evaluate(LOOK) as Promise<Seen>,
    async close() {
      await page.evaluate('jupyterapp.shell.currentWidget.sessionContext.shutdown()');
      await page.close();
    },
  };
}

const READY = `(() => {
  const open = globalThis.jupyterapp?.shell.currentWidget;
  return open?.context?.isReady && open.content.model.cells.length > 1
    && open.sessionContext.session?.kernel?.status === 'idle';
})()`;

const RUN = "jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)";

const LOOK = `(async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 500)));
  const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
  const code = cells.filter(({ type }) => type === 'code');
  const outputs = code.flatMap(({ outputs }) => outputs.toJSON());
  const hasInk = (canvas) => {
    const { width, height } = canvas;
    if (canvas.getBoundingClientRect().width < 50) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const pixels = new Uint32Array(data.buffer);
    return new Set(pixels).size > 2;
  };
  const sources = code.map(({ sharedModel }) => sharedModel.getSource()).join('\\n');
  const calls = (name) => sources.match(new RegExp('\\\\b' + name + '\\\\(', 'g'))?.length ?? 0;
  const imagesOf = ({ data }) => String(data?.['text/html'] ?? '').match(/<img /g)?.length ?? 0;
  const isBad = ({ output_type, name }) => output_type === 'error' || name === 'stderr';
  return {
    codeCells: code.length,
    ran: code.filter(({ executionCount }) => executionCount !== null).length,
    complaints: outputs.filter(isBad).map((output) => JSON.stringify(output).slice(0, 300)),
    figureCalls: calls('figure'),
    figures: outputs.filter(({ data }) => data?.['application/vnd.vegalite.v5+json']).length,
    drawn: [...document.querySelectorAll('.vega-embed canvas')].filter(hasInk).length,
    gridCalls: calls('grid'),
    grids: outputs.filter((output) => imagesOf(output) > 0).length,
    images: outputs.reduce((sum, output) => sum + imagesOf(output), 0),
    loaded: [...document.querySelectorAll('.jp-OutputArea-output img')]
      .filter(({ naturalWidth }) => naturalWidth > 1).length,
  };
})()`;

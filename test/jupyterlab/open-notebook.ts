/** A notebook open in JupyterLab, in a browser without a window. JupyterLab gives its application to
 *  the page as `jupyterapp`. */

import type { Browser } from 'puppeteer-core';

const START_LIMIT_MS = 120_000;
const RUN_LIMIT_MS = 480_000;

export interface OpenNotebook {
  /** Runs the first code cells, or all of them, and waits until they are done. */
  run(count: number | 'all'): Promise<void>;
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
  /** Figures that cells have published, and those that are drawn, with ink. */
  readonly figures: number;
  readonly drawn: number;
  /** Images of grids: those that loaded. */
  readonly images: number;
}

/** Opens the notebook and waits until it is loaded and its kernel is idle. */
export async function openNotebook(browser: Browser, address: string): Promise<OpenNotebook> {
  const page = await browser.newPage();
  page.setDefaultTimeout(START_LIMIT_MS);
  await page.setViewport({ width: 1400, height: 1000 });
  await page.goto(address);
  await page.waitForFunction(READY);
  return {
    async run(count) {
      await page.evaluate(runScript(count));
      await page.waitForFunction('globalThis.isDone === true', { timeout: RUN_LIMIT_MS });
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

/** Begins to run, and leaves a mark when all is done: a call may not take minutes. */
function runScript(count: number | 'all'): string {
  return `(() => {
    const { commands, shell } = jupyterapp;
    const { content } = shell.currentWidget;
    const code = [...content.model.cells].flatMap(({ type }, place) => type === 'code' ? place : []);
    const first = ${JSON.stringify(count)};
    if (first !== 'all') content.activeCellIndex = code[first];
    const all = first === 'all' || first >= code.length;
    globalThis.isDone = false;
    commands.execute(all ? 'notebook:run-all-cells' : 'notebook:run-all-above')
      .finally(() => { globalThis.isDone = true; });
  })()`;
}

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
  const isBad = ({ output_type, name }) => output_type === 'error' || name === 'stderr';
  return {
    codeCells: code.length,
    ran: code.filter(({ executionCount }) => executionCount !== null).length,
    complaints: outputs.filter(isBad).map((output) => JSON.stringify(output).slice(0, 300)),
    figures: outputs.filter(({ data }) => data?.['application/vnd.vegalite.v5+json']).length,
    drawn: [...document.querySelectorAll('.vega-embed canvas')].filter(hasInk).length,
    images: [...document.querySelectorAll('.jp-OutputArea-output img')]
      .filter(({ naturalWidth }) => naturalWidth > 1).length,
  };
})()`;

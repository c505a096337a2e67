import type {
  Block,
  CodeBlock,
  HeadingBlock,
  SolutionBlock,
  TableBlock,
} from '../document/types.js';
import { renderClaim, renderClaimsTable } from './claim.js';
import { escapeHtml } from './escape.js';
import { exhibitLabel } from './exhibit-label.js';
import { renderLooseFigure } from './figure.js';
import { renderFigureBlock } from './figure-block.js';
import { renderOutput } from './outputs.js';
import { live, type Page } from './page.js';
import { renderReferences } from './references.js';
import { renderTableBody } from './table.js';
import { renderTokens } from './tokens.js';

type Handlers = {
  readonly [kind in Block['kind']]: (
    block: Extract<Block, { kind: kind }>,
    page: Page,
  ) => string | Promise<string>;
};

const handlers: Handlers = {
  heading: renderHeading,
  prose: (block, page) => renderTokens(block.tokens, page.tokens),
  code: renderCode,
  figure: renderFigureBlock,
  table: renderTable,
  claim: (block, page) => renderClaim(block.claim, page.tokens),
  stream: renderOutput,
  text: renderOutput,
  html: renderOutput,
  svg: renderOutput,
  image: renderOutput,
  unsupported: renderOutput,
  error: renderOutput,
  'vega-lite': async (block, page) => {
    page.loose += 1;
    const alt = 'Figure displayed by a cell';
    const input = { id: `plot-${page.loose}`, spec: block.spec, alt };
    return `<div class="output">${await live(renderLooseFigure(input, page.tokens.target, page.cache), page)}</div>\n`;
  },
  exercise: async ({ blocks }, page) =>
    `<div class="exercise">\n${await renderBlocks(blocks, page)}</div>\n`,
  solution: renderSolution,
  'claims-table': (_, page) => renderClaimsTable(page.document.claims, page.tokens),
  references: (_, page) => renderReferences(page.document.references),
};

/** Blocks as HTML, one after another: figures without a label are counted in their order. */
export async function renderBlocks(blocks: readonly Block[], page: Page): Promise<string> {
  const html: string[] = [];
  for (const block of blocks) html.push(await renderBlock(block, page));
  return html.join('');
}

async function renderBlock(block: Block, page: Page): Promise<string> {
  const handler = handlers[block.kind] as (block: Block, page: Page) => string | Promise<string>;
  return handler(block, page);
}

function renderHeading({ level, id, number, tokens }: HeadingBlock, page: Page): string {
  const anchor = escapeHtml(id);
  const prefix = number === '' ? '' : `<span class="number">${escapeHtml(number)}</span> `;
  const hash =
    page.tokens.target === 'print'
      ? ''
      : `<a class="anchor" href="#${anchor}" aria-label="Link to this section">#</a>`;
  return `<h${level} id="${anchor}">${hash}${prefix}${renderTokens(tokens, page.tokens)}</h${level}>\n`;
}

function renderCode({ id, source, fold, summary, seconds }: CodeBlock, page: Page): string {
  const code = `<pre class="code" tabindex="0"><code>${page.tokens.highlight(source)}</code></pre>`;
  const time = seconds === undefined ? '' : `<span class="time">${runTime(seconds)}</span>`;
  if (fold === 'none') return `<div class="cell" id="${escapeHtml(id)}">${code}</div>\n`;
  const label = summary === '' ? 'Code' : summary;
  const head = `<span class="what">${escapeHtml(label)}</span>${time}`;
  if (page.tokens.target === 'print') {
    // What is folded on screen is one line on paper; the PDF carries the notebook with all code.
    const shown = fold === 'show' ? code : '';
    return `<div class="cell" id="${escapeHtml(id)}"><p class="cell-head">${head}</p>${shown}</div>\n`;
  }
  const open = fold === 'show' ? ' open' : '';
  return `<details class="cell" id="${escapeHtml(id)}"${open}><summary>${head}</summary>${code}</details>\n`;
}

/** `0.4 s`, `12 s`, `3 min 20 s` */
function runTime(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}\u202fs`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}\u202fs`;
  return `${Math.floor(whole / 60)}\u202fmin ${whole % 60}\u202fs`;
}

/** On paper nothing can be opened: the solution stands under its line. */
async function renderSolution({ blocks }: SolutionBlock, page: Page): Promise<string> {
  const body = await renderBlocks(blocks, page);
  return page.tokens.target === 'print'
    ? `<div class="solution"><p class="solution-head">Solution</p>\n${body}</div>\n`
    : `<details class="solution"><summary class="solution-head">Solution</summary>\n${body}</details>\n`;
}

function renderTable(block: TableBlock, page: Page): string {
  const caption = `${exhibitLabel('Table', block.number)}${renderTokens(block.caption, page.tokens)}`;
  const short = block.rows.length <= 12 ? ' short' : '';
  return (
    `<figure class="table${short}" id="${escapeHtml(block.id)}">\n<figcaption>${caption}</figcaption>\n` +
    `${renderTableBody(block)}</figure>\n`
  );
}

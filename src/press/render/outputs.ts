import type { OutputBlock } from '../document/types.js';
import { escapeHtml } from './escape.js';
import { sanitiseHtml, sanitiseSvg } from './sanitise.js';

type Still = Exclude<OutputBlock, { kind: 'vega-lite' }>;

// Terminal colours and cursor movements of streams and tracebacks; no page can show them.
const TERMINAL = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');

/** What a cell wrote or displayed, made harmless. */
export async function renderOutput(output: Still): Promise<string> {
  switch (output.kind) {
    case 'stream':
      return preformatted(output.text, `output output-${output.name}`);
    case 'text':
      return preformatted(output.text, 'output');
    case 'html':
      return `<div class="output scroll" tabindex="0">${await sanitiseHtml(output.html)}</div>\n`;
    case 'svg':
      return renderSvg(output.svg);
    case 'image':
      return renderImage(output);
    case 'unsupported':
      return `<p class="missing">[output not shown: ${escapeHtml(output.mimes.join(', '))}]</p>\n`;
    case 'error':
      return renderError(output);
  }
}

async function renderSvg(svg: string): Promise<string> {
  const clean = await sanitiseSvg(svg, 'Picture displayed by a cell');
  if (clean === '') return '<p class="missing">[picture cannot be shown]</p>\n';
  return `<div class="output">${clean}</div>\n`;
}

function preformatted(text: string, classes: string): string {
  const clean = text.replace(TERMINAL, '').replace(/\n+$/, '');
  return `<pre class="${classes}" tabindex="0">${escapeHtml(clean)}</pre>\n`;
}

function renderImage({ mime, data, alt }: Extract<OutputBlock, { kind: 'image' }>): string {
  const base64 = data.replace(/\s/g, '');
  if (!/^[\w+/]+={0,2}$/.test(base64)) return '<p class="missing">[picture cannot be read]</p>\n';
  return `<div class="output"><img src="data:${mime};base64,${base64}" alt="${escapeHtml(alt)}"></div>\n`;
}

function renderError(error: Extract<OutputBlock, { kind: 'error' }>): string {
  const trace = error.traceback.join('\n').replace(TERMINAL, '');
  return (
    `<div class="output output-error" role="note"><p><strong>${escapeHtml(error.name)}</strong>: ` +
    `${escapeHtml(error.message)}</p>${trace === '' ? '' : `<pre tabindex="0">${escapeHtml(trace)}</pre>`}</div>\n`
  );
}

import { escapeHtml, plainSuperscript, SUPERSCRIPT_RUN } from './escape.js';
import { PAPER } from './figure-theme.js';

const RAISED = new RegExp(`(${SUPERSCRIPT_RUN.source})([^⁰¹²³⁴-⁹⁺⁻ⁿ]*)`, 'g');

/** Vega's SVG made ready for the page: one labelled image, ids of its own, ink that follows the
 *  page's colours, raised digits drawn with digits that the font has. */
export function dressSvg(svg: string, id: string, alt: string, name: string): string {
  const size = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  const [width, height] = [size?.[1] ?? '640', size?.[2] ?? '400'];
  const inner = svg.slice(svg.indexOf('>') + 1);
  const root =
    `<svg class="${name}" role="img" aria-label="${escapeHtml(alt)}" width="${width}" ` +
    `height="${height}" viewBox="0 0 ${width} ${height}">`;
  const silent = inner.replace(/ (?:aria-[\w-]+|role)="[^"]*"/g, '');
  return root + raiseDigits(inkColours(ownIds(silent, id)));
}

/** Several figures share a page: each needs ids of its own for clips and gradients. A label may hold
 *  any character, an address in `url()` may not. */
function ownIds(svg: string, label: string): string {
  const id = label.replace(/[^\p{L}\p{N}_-]/gu, '_');
  return svg
    .replace(/\bid="([\w-]+)"/g, `id="${id}-$1"`)
    .replace(/url\(#([\w-]+)\)/g, `url(#${id}-$1)`)
    .replace(/url\((?!#)[^)]*\)/g, 'none');
}

/** The compiled specification of the live view, with the same ink. Data and the domains of scales
 *  hold words, whatever colours they name. */
export function inkedSpec(vega: unknown): unknown {
  if (typeof vega === 'string') return INK_WORD.test(vega) ? 'currentColor' : vega;
  if (Array.isArray(vega)) return vega.map(inkedSpec);
  if (typeof vega !== 'object' || vega === null) return vega;
  const entries = Object.entries(vega).map(([key, value]) => {
    return [key, key === 'values' || key === 'domain' ? value : inkedSpec(value)];
  });
  return Object.fromEntries(entries);
}

const INK_WORD = /^(?:black|#000|#000000|#1d1d1f)$/i;

const BLACK = /\b(fill|stroke)="(?:black|#000|#000000|#1d1d1f)"/gi;
const WHITE = /\b(fill|stroke)="(?:white|#fff|#ffffff|#fffefb)"/gi;

function inkColours(svg: string): string {
  return svg.replace(BLACK, '$1="currentColor"').replace(WHITE, `$1="${PAPER}"`);
}

/** `10⁴` as `10` with a small raised `4`; text after the raised digits comes down again. */
function raiseDigits(svg: string): string {
  return svg.replace(/(<text[^>]*>)([^<]*)(?=<\/text>)/g, (_, open: string, text: string) => {
    const raised = text.replace(RAISED, (_match, run: string, rest: string) => {
      const up = `<tspan dy="-0.36em" font-size="75%">${plainSuperscript(run)}</tspan>`;
      return rest === '' ? up : `${up}<tspan dy="0.27em">${rest}</tspan>`;
    });
    return open + raised;
  });
}

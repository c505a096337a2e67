import { readFile } from 'node:fs/promises';
import { cached } from './cached.js';
import type { RenderCache } from './options.js';

/** One file to cut: which characters of it the page needs. */
export interface Cut {
  readonly family: string;
  readonly style: string;
  /** CSS `font-weight`; a number is cut out of a variable font. */
  readonly weight: number | string;
  readonly path: string;
  readonly text: string;
  readonly ranges: string;
}

const FEATURES = ['kern', 'liga', 'mark', 'mkmk', 'ccmp', 'locl', 'lnum', 'tnum'];

/** The `@font-face` rule of one cut, with the font inside; empty when the font has nothing to draw
 *  for the text: browsers refuse a font without outlines. */
export async function fontFace(cut: Cut, cache: RenderCache | undefined): Promise<string> {
  const { family, style, weight, path, text, ranges } = cut;
  const file = path.slice(path.lastIndexOf('/') + 1);
  const base64 = await cached(cache, ['font', file, String(weight), text], () => subset(cut));
  if (base64 === '') return '';
  const range = ranges === '' ? '' : `unicode-range:${ranges};`;
  return (
    `@font-face{font-family:'${family}';font-style:${style};font-weight:${weight};${range}` +
    `src:url(data:font/woff2;base64,${base64}) format('woff2')}`
  );
}

async function subset({ path, text, weight, family }: Cut): Promise<string> {
  const whole = await readFile(path);
  if (!(await draws(whole, text))) return '';
  const { default: subsetFont } = await import('subset-font');
  const bytes = await subsetFont(whole, text, {
    targetFormat: 'woff2',
    noHinting: true,
    ...(family.startsWith('Source') && typeof weight === 'number'
      ? { variationAxes: { wght: weight }, keepFeatures: FEATURES }
      : {}),
  });
  return Buffer.from(bytes).toString('base64');
}

/** Does the font have an outline for any character of the text? Reading a font is dear, so letters
 *  and digits, which all have, are not looked up. */
async function draws(bytes: Uint8Array, text: string): Promise<boolean> {
  if (/[A-Za-z0-9]/.test(text)) return true;
  const { create } = await import('fontkit');
  const font = create(bytes);
  return [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return font.hasGlyphForCodePoint(code) && font.glyphForCodePoint(code).path.commands.length > 0;
  });
}

import { readFile } from 'node:fs/promises';
import { packageFile } from './assets.js';
import { type Cut, fontFace } from './font-cut.js';
import { inRanges, parseRanges, type Ranges, rangeText } from './font-ranges.js';
import { katexFont, mathCuts } from './math-fonts.js';
import type { RenderCache } from './options.js';

/** One style of one family: fontsource splits it into files by script. Weights are cut out of the
 *  variable font one by one: Chromium writes a variable font into a PDF as loose drawings. */
interface Face {
  readonly family: string;
  readonly folder: string;
  readonly style: 'normal' | 'italic';
  readonly weight: number;
}

const SERIF: Face = {
  family: 'Source Serif 4',
  folder: 'source-serif-4',
  style: 'normal',
  weight: 400,
};
const SANS: Face = { ...SERIF, family: 'Source Sans 3', folder: 'source-sans-3' };
const FACES: readonly Face[] = [SERIF, SANS].flatMap((face): Face[] => [
  face,
  { ...face, style: 'italic' },
  { ...face, weight: 600 },
]);
const CODE: Face = { ...SERIF, family: 'Source Code Pro', folder: 'source-code-pro' };
const SCRIPTS = [
  'latin',
  'latin-ext',
  'greek',
  'greek-ext',
  'cyrillic',
  'cyrillic-ext',
  'vietnamese',
];

/** Always cut in, so that most pages share one subset of each file, which the cache then has. */
const COMMON = `${String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i))}\u00a0\u202f–—‘’“”…·×±−§°`;

/** `@font-face` rules with every font inside, cut to the characters of the page.
 *  @param text all characters that the page prints outside of formulas.
 *  @param math HTML of the page, where it has formulas. */
export async function fontCss(
  text: string,
  math: string | null,
  cache?: RenderCache,
): Promise<string> {
  const characters = [...new Set(text)].sort();
  const cuts = await textCuts(characters);
  const covered = new Set(cuts.flatMap((cut) => [...cut.text]));
  const others = characters.filter((one) => one > '\u007f' && !covered.has(one)).join('');
  const all = [...cuts, ...signCuts(others), ...(math === null ? [] : mathCuts(math))];
  const rules: string[] = [];
  for (const cut of all) rules.push(await fontFace(cut, cache));
  return rules.join('\n');
}

async function textCuts(characters: readonly string[]): Promise<Cut[]> {
  const cuts: Cut[] = [];
  for (const face of [...FACES, CODE]) {
    const name = `@fontsource-variable/${face.folder}`;
    const listed = JSON.parse(await readFile(packageFile(name, 'unicode.json'), 'utf8')) as {
      readonly [script: string]: string;
    };
    for (const script of SCRIPTS) {
      const ranges: Ranges = parseRanges(listed[script] ?? '');
      const used = characters.filter((one) => inRanges(one, ranges));
      const text = script === 'latin' ? [...new Set([...COMMON, ...used])].sort() : used;
      if (text.length === 0) continue;
      cuts.push({
        ...face,
        path: packageFile(name, `files/${face.folder}-${script}-wght-${face.style}.woff2`),
        text: text.join(''),
        ranges: listed[script] ?? '',
      });
    }
  }
  return cuts;
}

/** Comparison signs, arrows and the like, which the text fonts lack, from KaTeX's fonts. */
function signCuts(text: string): Cut[] {
  if (text === '') return [];
  // Any weight: a browser that thickens a font by itself writes it into a PDF as loose drawings.
  const base = { style: 'normal', weight: '400 600', text, ranges: rangeText(text) };
  return ['AMS', 'Main'].map((name) => ({
    ...base,
    family: `Signs ${name}`,
    path: katexFont(`${name}-Regular`),
  }));
}

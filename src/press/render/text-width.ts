import { readFile } from 'node:fs/promises';
import type { Font } from 'fontkit';
import { packageFile } from './assets.js';

/** Width of one line of figure text, px. */
type TextWidth = (text: string, size: number, weight: unknown) => number;

/** Width of a character that the measured font lacks, in em: enough for Greek and for signs. */
const UNKNOWN = 0.62;

let loaded: Promise<TextWidth> | undefined;

/** Measures text with the font that the report embeds, so that no label is wider on the page than
 *  the room that Vega gave it. */
export function loadTextWidth(): Promise<TextWidth> {
  loaded ??= createTextWidth();
  return loaded;
}

async function createTextWidth(): Promise<TextWidth> {
  const [{ default: subset }, { create }, file] = await Promise.all([
    import('subset-font'),
    import('fontkit'),
    readFile(
      packageFile(
        '@fontsource-variable/source-sans-3',
        'files/source-sans-3-latin-wght-normal.woff2',
      ),
    ),
  ]);
  const letters = String.fromCodePoint(...Array.from({ length: 0x180 - 0x20 }, (_, i) => 0x20 + i));
  const text = `${letters}\u2009\u202f–—‘’“”…−′″`;
  const at = async (wght: number): Promise<Font> =>
    create(await subset(file, text, { targetFormat: 'truetype', variationAxes: { wght } }));
  const [regular, bold] = [await at(400), await at(600)];
  const known = new Set(regular.characterSet);
  const widths = new Map<string, number>();
  return (line, size, weight) => {
    const isBold = weight === 'bold' || Number(weight) >= 600;
    const key = `${isBold} ${line}`;
    let em = widths.get(key);
    if (em === undefined) {
      em = measure(line, isBold ? bold : regular, known);
      widths.set(key, em);
    }
    return em * size;
  };
}

function measure(line: string, font: Font, known: ReadonlySet<number>): number {
  const characters = [...line.replaceAll('\u202f', ' ')];
  const covered = characters.filter((character) => known.has(character.codePointAt(0) ?? 0));
  const missing = characters.length - covered.length;
  return font.layout(covered.join('')).advanceWidth / font.unitsPerEm + missing * UNKNOWN;
}

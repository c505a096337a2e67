import { create } from 'fontkit';
import { describe, expect, it } from 'vitest';
import { fontCss } from '../../../src/press/render/fonts.js';
import { createMath } from '../../../src/press/render/math.js';
import { printedText } from '../../../src/press/render/printed-text.js';

/** Characters that the embedded fonts of a family can draw. */
function glyphs(css: string, family: string): Set<string> {
  const faces = [...css.matchAll(/font-family:'([^']+)'[^@]*?base64,([^)]*)\)/g)];
  const points = faces
    .filter((face) => face[1] === family)
    .flatMap((face) => create(Buffer.from(face[2] ?? '', 'base64')).characterSet);
  return new Set(points.map((point) => String.fromCodePoint(point)));
}

describe('embedded fonts', () => {
  it('have the characters of the text, Greek and accents too', async () => {
    const css = await fontCss('größer ε Łódź', null);
    const serif = glyphs(css, 'Source Serif 4');
    for (const character of 'größeεŁódź') expect(serif.has(character), character).toBe(true);
    expect(serif.has('λ')).toBe(false);
    expect(serif.has('é')).toBe(false);
  });

  it('take signs that the text fonts lack from the fonts of formulas', async () => {
    const css = await fontCss('99 % ≥ 98 %, 1 → 2', null);
    const signs = glyphs(css, 'Signs Main');
    expect([signs.has('≥'), signs.has('→'), signs.has('9')]).toEqual([true, true, false]);
  });

  it('have what formulas draw, and only the fonts they use', async () => {
    const math = await createMath();
    const html = `<p>so ${math('a < b \\cdot \\sum_i x_i', true)} then</p>`;
    const css = await fontCss('', html);
    const main = glyphs(css, 'KaTeX_Main');
    expect([main.has('<'), main.has('⋅'), main.has('s')]).toEqual([true, true, false]);
    expect(css).toContain('KaTeX_Math');
    expect(css).not.toContain('KaTeX_Fraktur');
    expect(printedText(html)).toBe('so  then');
  });

  it('are real fonts in print, one for each weight', async () => {
    const css = await fontCss('a', null);
    const weights = [...css.matchAll(/'Source Sans 3';font-style:normal;font-weight:([^;]*)/g)];
    expect(weights.map((match) => match[1])).toEqual(['400', '600']);
    expect(css).not.toMatch(/font-weight:\d+ \d+/);
  });
});

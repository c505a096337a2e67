import { packageFile } from './assets.js';
import type { Cut } from './font-cut.js';
import { plainText, splitFormulas } from './printed-text.js';

/** The class that KaTeX writes where it uses a font. */
const MATH_FONTS: { readonly [font: string]: RegExp } = {
  'Main-Regular': /./,
  'Main-Italic': /mathit|textit/,
  'Main-Bold': /mathbf|textbf/,
  'Math-Italic': /mathnormal/,
  'Math-BoldItalic': /boldsymbol/,
  'AMS-Regular': /amsrm|mathbb/,
  'Caligraphic-Regular': /mathcal/,
  'Fraktur-Regular': /mathfrak/,
  'SansSerif-Regular': /mathsf|textsf/,
  'Script-Regular': /mathscr/,
  'Typewriter-Regular': /mathtt|texttt/,
  'Size1-Regular': /small-op|size1|delim-size1/,
  'Size2-Regular': /large-op|size2/,
  'Size3-Regular': /size3/,
  'Size4-Regular': /size4|delim-size4/,
};

/** KaTeX's fonts as far as the formulas of a page use them. */
export function mathCuts(html: string): Cut[] {
  const { formulas } = splitFormulas(html);
  const text = [...new Set(plainText(formulas))].sort().join('');
  const classes = [...new Set(formulas.match(/class="[^"]*"/g))].join(' ');
  return Object.entries(MATH_FONTS)
    .filter(([, used]) => used.test(classes))
    .map(([name]) => {
      const [family = '', cut = ''] = name.split('-');
      const weight = cut.startsWith('Bold') ? 700 : 400;
      const style = cut.endsWith('Italic') ? 'italic' : 'normal';
      return {
        family: `KaTeX_${family}`,
        style,
        weight,
        path: katexFont(name),
        text,
        ranges: '',
      };
    });
}

export function katexFont(name: string): string {
  return packageFile('katex', `dist/fonts/KaTeX_${name}.ttf`);
}

import { cssString } from './escape.js';

/** The title at the head of every printed page but the first, on the page's inner side. Margin boxes
 *  take text from style sheets only, so this one rule is made for each report. */
export function runningTitleCss(title: string): string {
  const content = `content:${cssString(title)}`;
  return `@page{@top-left{${content}}}\n@page:first{@top-left{content:none}}\n`;
}

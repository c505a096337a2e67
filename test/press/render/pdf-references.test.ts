import { describe, expect, test } from 'vitest';
import {
  fillPageReferences,
  pageReferences,
  withLandings,
} from '../../../src/press/render/pdf-references.js';

const REFERENCE = '<a href="#fig-a">Figure 1</a><span data-pageref="fig-a"></span>';
const CONTENTS = '<a href="#s&amp;t">S</a><span class="page" data-pageref="s&amp;t"></span>';

describe('page references', () => {
  test('are listed once, without those that lead nowhere', () => {
    const html = `${REFERENCE}${CONTENTS}${REFERENCE}<span data-pageref=""></span>`;
    expect(pageReferences(html)).toEqual(['fig-a', 's&t']);
  });

  test('follow a reference as ", p. 7", and stand alone in the contents', () => {
    const filled = fillPageReferences(
      REFERENCE + CONTENTS,
      new Map([
        ['fig-a', 7],
        ['s&t', 12],
      ]),
    );
    expect(filled).toBe(
      '<a href="#fig-a">Figure 1</a><span data-pageref="fig-a">, p. 7</span>' +
        '<a href="#s&amp;t">S</a><span class="page" data-pageref="s&amp;t">12</span>',
    );
  });

  test('stay empty where the target is on no page', () => {
    expect(fillPageReferences(REFERENCE, new Map())).toBe(REFERENCE);
  });

  test('landings stand at the end of the body, each once and escaped', () => {
    expect(withLandings('<body><p>x</p></body></html>', ['a', 'b"c', 'a'])).toBe(
      '<body><p>x</p><div aria-hidden="true" style="position:absolute;top:0;left:0">' +
        '<a href="#a"></a><a href="#b&quot;c"></a></div></body></html>',
    );
  });
});

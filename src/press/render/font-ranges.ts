/** First and last code point of each stretch. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** Reads a CSS `unicode-range`: `U+0000-00FF,U+0131`. */
export function parseRanges(text: string): Ranges {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [first = '', last = first] = part.trim().replace(/^U\+/i, '').split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    });
}

export function inRanges(character: string, ranges: Ranges): boolean {
  const point = character.codePointAt(0) ?? 0;
  return ranges.some(([first, last]) => point >= first && point <= last);
}

/** A `unicode-range` of exactly these characters. */
export function rangeText(characters: string): string {
  return [...characters]
    .map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase()}`)
    .join(',');
}

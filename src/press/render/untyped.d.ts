/** The parts that we call of two packages that ship no types. */

declare module 'subset-font' {
  interface Options {
    targetFormat?: 'truetype' | 'woff2';
    variationAxes?: { [axis: string]: number };
    keepFeatures?: string[];
    noHinting?: boolean;
  }
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options?: Options,
  ): Promise<Uint8Array>;
}

declare module 'fontkit' {
  export interface Font {
    readonly unitsPerEm: number;
    readonly characterSet: readonly number[];
    layout(text: string): { readonly advanceWidth: number };
    hasGlyphForCodePoint(code: number): boolean;
    glyphForCodePoint(code: number): { readonly path: { readonly commands: readonly unknown[] } };
  }
  export function create(font: Uint8Array): Font;
}

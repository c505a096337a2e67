/** The text of a MIME entry, which nbformat keeps as a string or as a list of lines; null for
 *  anything else. */
export function mimeText(data: unknown): string | null {
  if (typeof data === 'string') return data;
  const isLines = Array.isArray(data) && data.every((line) => typeof line === 'string');
  return isLines ? data.join('') : null;
}

/** Whether a MIME type is a Vega-Lite specification, of any major version. */
export function isVegaLite(mime: string): boolean {
  return /^application\/vnd\.vegalite\.v\d+\+json$/.test(mime);
}

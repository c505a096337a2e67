/** Published results as plain text and plain HTML, for JupyterLab and other readers of notebooks.
 *  The report draws its own from the metadata. */

import type {
  GridImage,
  PublishedClaim,
  PublishedGrid,
  PublishedTable,
  PublishedValue,
  TableColumn,
} from '../mime.js';

/** `softmax.fgsm.error = 0.999 [0.998, 1] (n = 10000)` */
export function valueText({ name, value, unit, interval, n, seeds }: PublishedValue): string {
  const range = interval === undefined ? '' : ` [${interval.map(short).join(', ')}]`;
  const basis = [n === undefined ? [] : `n = ${n}`, seeds === undefined ? [] : `seeds = ${seeds}`];
  const brackets = basis.flat().join(', ');
  const suffix = `${unit === undefined ? '' : ` ${unit}`}${range}`;
  return `${name} = ${short(value)}${suffix}${brackets === '' ? '' : ` (${brackets})`}`;
}

/** `claim linear-ten-weight-example (reduced: one seed)` */
export function claimText({ id, reduced }: PublishedClaim): string {
  return `claim ${id}${reduced === undefined ? '' : ` (reduced: ${reduced})`}`;
}

/** Columns separated by tabs. */
export function tableText({ columns, rows }: PublishedTable): string {
  const lines = rows.map((row) => columns.map((c) => cellText(c, row[c.key] ?? null)).join('\t'));
  return [columns.map(headText).join('\t'), ...lines].join('\n');
}

/** A bare HTML table. */
export function tableHtml({ columns, rows }: PublishedTable): string {
  const head = columns.map((c) => `<th>${escapeHtml(headText(c))}</th>`).join('');
  const body = rows
    .map((row) => columns.map((c) => `<td>${escapeHtml(cellText(c, row[c.key] ?? null))}</td>`))
    .map((cells) => `<tr>${cells.join('')}</tr>`)
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** The lines above and below the images, a row a line. */
export function gridText({ rows, heads }: PublishedGrid): string {
  const words = (image: GridImage): string =>
    [image.above, image.below].filter((text) => text !== undefined).join(': ') || '[image]';
  const lines = rows.map((row) => row.map(words).join(' | '));
  return (heads === undefined ? lines : [heads.join(' | '), ...lines]).join('\n');
}

/** Images in a table, with the signs between them. */
export function gridHtml({ rows, heads, signs = [], scale }: PublishedGrid): string {
  const line = (cells: readonly string[], tag: 'td' | 'th'): string =>
    cells
      .map((cell, i) => {
        const sign = signs[i] === undefined || i === cells.length - 1 ? '' : signs[i];
        const between = tag === 'th' ? '' : escapeHtml(sign);
        return `<${tag}>${cell}</${tag}>${sign === '' ? '' : `<${tag}>${between}</${tag}>`}`;
      })
      .join('');
  const head = heads === undefined ? '' : `<tr>${line(heads.map(escapeHtml), 'th')}</tr>`;
  const body = rows.map(
    (row) =>
      `<tr>${line(
        row.map((i) => imageHtml(i, scale)),
        'td',
      )}</tr>`,
  );
  return `<table>${head}${body.join('')}</table>`;
}

function imageHtml({ png, width, height, above, below }: GridImage, scale: number): string {
  const size = `width="${width * scale}" height="${height * scale}"`;
  const alt = escapeHtml([above, below].filter((text) => text !== undefined).join(', '));
  const image = `<img alt="${alt}" src="data:image/png;base64,${png}" ${size} style="image-rendering:pixelated">`;
  const text = (line: string | undefined): string[] =>
    line === undefined ? [] : [escapeHtml(line)];
  return [...text(above), image, ...text(below)].join('<br>');
}

function headText({ title, unit }: TableColumn): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

function cellText({ format }: TableColumn, cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  switch (format.as) {
    case 'text':
      return short(cell);
    case 'integer':
      return String(Math.round(cell));
    case 'fixed':
      return cell.toFixed(format.digits);
    case 'percent':
      return `${(100 * cell).toFixed(format.digits)} %`;
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

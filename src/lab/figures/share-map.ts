import type { VegaLiteSpec } from '../../mime.js';
import { framedBeside, INK_ON_TINT, ROLES, tint } from './theme.js';

/** One field of the map. */
export interface ShareCell {
  /** What colours it, from 0 to 1. */
  readonly share: number;
  /** Printed in it, one or two lines. */
  readonly text: readonly string[];
}

export interface ShareMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Maps beside one another, with the same rows and columns: cells[row][column]. */
  readonly maps: readonly {
    readonly title: string;
    readonly cells: readonly (readonly ShareCell[])[];
  }[];
}

const [ROW_HEIGHT, COLUMN_WIDTH] = [38, 92]; // px

/** Numbers in a grid, on a ground that is the fuller the higher the share. Beside one another, so that
 *  field can be compared with field. */
export function shareMap({ rows, columns, maps }: ShareMap): VegaLiteSpec {
  return framedBeside(
    maps.map(({ title, cells }) => {
      const values = rows.flatMap((row, i) =>
        columns.map((column, k) => ({ row, column, ...(cells[i]?.[k] as ShareCell) })),
      );
      const place = {
        x: {
          field: 'column',
          type: 'nominal',
          sort: columns,
          axis: { title, orient: 'top', labelAngle: 0, domain: false, ticks: false },
        },
        y: {
          field: 'row',
          type: 'nominal',
          sort: rows,
          axis: { title: null, domain: false, ticks: false, labelPadding: 6 },
        },
      };
      const scale = {
        domain: [0, 1],
        range: ['#ffffff', tint(ROLES.clean.colour, 0.55)],
        clamp: true,
      };
      const fill = { field: 'share', type: 'quantitative', scale, legend: null };
      return {
        width: COLUMN_WIDTH * columns.length,
        height: ROW_HEIGHT * rows.length,
        data: { values },
        layer: [
          {
            mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 1.5 },
            encoding: { ...place, fill },
          },
          {
            mark: { type: 'text', lineHeight: 14, dy: -6, color: INK_ON_TINT },
            encoding: { ...place, text: { field: 'text', type: 'nominal' } },
          },
        ],
      };
    }),
  );
}

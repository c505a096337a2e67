import type { VegaLiteSpec } from '../../mime.js';
import { type Axis, domainOf, frame, ROLES, type Role, xChannel, yChannel } from './theme.js';

export interface Bundle {
  /** Printed beside the bundle. */
  readonly name: string;
  readonly role: Role;
  /** Values at x = 0, 1, …: one curve per run. */
  readonly curves: readonly (readonly number[])[];
}

export interface CurveBundle {
  readonly bundles: readonly Bundle[];
  readonly x: Axis;
  readonly y: Axis;
}

/** Many runs of a few kinds as thin lines, each kind in one colour with its name at the end of its
 *  highest run. */
export function curveBundle({ bundles, x, y }: CurveBundle): VegaLiteSpec {
  // A logarithmic axis has no place for a loss that float32 rounds to 0.
  const values = bundles.flatMap(({ curves }) => curves.flat().filter((one) => !y.log || one > 0));
  const longest = Math.max(...bundles.flatMap(({ curves }) => curves.map(({ length }) => length)));
  const [low] = domainOf(y, values);
  const shown = (value: number): number => (y.log ? Math.max(value, low) : value);
  const place = { x: xChannel('x', x, [0, longest - 1]), y: yChannel('y', y, values) };
  const layers = bundles.flatMap(({ name, role, curves }) => {
    const { colour: color, dash } = ROLES[role];
    const rows = curves.flatMap((curve, run) =>
      curve.map((value, step) => ({ x: step, y: shown(value), run, series: name })),
    );
    const end = Math.max(...curves.map((curve) => shown(curve.at(-1) as number)));
    const label = { type: 'text', align: 'left', baseline: 'middle', dx: 8, color };
    return [
      {
        data: { values: rows },
        mark: { type: 'line', color, strokeDash: dash, strokeWidth: 0.9, opacity: 0.6 },
        encoding: { ...place, detail: { field: 'run', type: 'nominal' } },
      },
      {
        data: { values: [{ x: longest - 1, y: end }] },
        mark: label,
        encoding: { ...place, text: { value: name } },
      },
    ];
  });
  return frame(layers);
}

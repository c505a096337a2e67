import type { View as VegaView } from 'vega';
import { UserError } from '../../errors.js';
import type { VegaLiteSpec } from '../../mime.js';
import { isPicture } from '../../vega-safety.js';
import { loadTextWidth } from './text-width.js';

export interface Drawing {
  /** Vega's SVG, as it comes. */
  readonly svg: string;
  /** The compiled Vega specification, for the live view. */
  readonly vega: unknown;
}

interface MeasuredItem {
  readonly fontSize?: number;
  readonly fontWeight?: unknown;
}

/** Vega-Lite to SVG, once. Expressions run in an interpreter, never as code, and nothing is loaded.
 *  @throws UserError when the specification cannot be drawn. */
export async function draw(spec: VegaLiteSpec): Promise<Drawing> {
  const { vega, vegaLite, expressionInterpreter } = await engine();
  const errors: string[] = [];
  const note = (...parts: readonly unknown[]): void => {
    errors.push(parts.map(String).join(' '));
  };
  const logger = quietLogger(note);
  try {
    const compiled = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0], {
      logger,
    }).spec;
    const runtime = vega.parse(compiled, undefined, { ast: true });
    const options = {
      renderer: 'none',
      loader: refusingLoader(note),
      logger,
      expr: expressionInterpreter,
    };
    const view: VegaView = new vega.View(
      runtime,
      options as ConstructorParameters<typeof vega.View>[1],
    );
    const svg = await view.toSVG();
    view.finalize();
    if (errors.length > 0) throw new Error(errors.join('; '));
    return { svg, vega: compiled };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`expected a figure that can be drawn, got: ${reason}`, {
      hint: 'Check the Vega-Lite specification that the cell publishes',
      cause,
    });
  }
}

async function engine() {
  const [vega, vegaLite, { expressionInterpreter }, width] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
    loadTextWidth(),
  ]);
  // Vega's own hook for measuring; its types do not name it.
  const { textMetrics } = vega as unknown as {
    textMetrics: { width: (item: MeasuredItem, text: unknown) => number };
  };
  textMetrics.width = (item, text) =>
    width(String(text ?? '').trim(), item.fontSize ?? 11, item.fontWeight);
  return { vega, vegaLite, expressionInterpreter };
}

/** Loads nothing and lets no address through, only pictures that hold themselves; what else was asked
 *  for is noted. */
function refusingLoader(note: (text: string) => void) {
  const said = (address: unknown): void => note(`the address ${String(address)} was refused`);
  const refuse = (address: unknown): Promise<never> => {
    said(address);
    return Promise.reject(new Error('addresses are refused'));
  };
  // Vega trips over a rejected address of a link, so links get one that leads nowhere.
  const sanitize = (address: unknown): Promise<{ href: string }> => {
    if (isPicture(address)) return Promise.resolve({ href: String(address) });
    said(address);
    return Promise.resolve({ href: '#' });
  };
  return { load: refuse, sanitize, http: refuse, file: refuse };
}

/** Warnings of the compiler are about style; errors are collected. */
function quietLogger(note: (...parts: readonly unknown[]) => void) {
  const logger = {
    level: () => logger,
    error: (...parts: readonly unknown[]) => {
      note(...parts);
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

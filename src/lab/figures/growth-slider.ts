import type { VegaLiteSpec } from '../../mime.js';
import type { GrownImage } from '../growing-attack.js';
import { framedBeside, ROLES, tint, yChannel } from './theme.js';

export interface GrowthSlider {
  /** A model each, attacked at the same ε, from `growingAttack`. */
  readonly models: readonly { readonly name: string; readonly images: readonly GrownImage[] }[];
  /** Class of the image. */
  readonly label: number;
  /** The ε that is shown before anyone moves the slider, and on paper. */
  readonly eps: number;
}

/** The size of the picture, px: three to a pixel of a digit. */
const PICTURE = 84;
const HEIGHT = 150;

/** One image under an attack that grows, and what each model says to it, with a slider over ε. */
export function growthSlider({ models, label, eps }: GrowthSlider): VegaLiteSpec {
  const rows = models.flatMap(({ name, images }) =>
    images.map(({ eps: size, picture, probabilities }) => {
      const largest = Math.max(...probabilities);
      return {
        model: name,
        eps: size,
        image: picture,
        answer: probabilities.indexOf(largest),
        p: probabilities.map((one) => Number(one.toFixed(4))),
        class: [...probabilities.keys()],
      };
    }),
  );
  const sizes = [...new Set(rows.map((row) => row.eps))].sort((a, b) => a - b);
  return {
    ...framedBeside(models.map(({ name }) => modelPlot(name, label))),
    data: { values: rows },
    params: [{ name: 'eps', value: eps, bind: sliderOver(sizes) }],
  };
}

/** sizes: rising in even steps. */
function sliderOver(sizes: readonly number[]): VegaLiteSpec {
  const [min = 0, max = 0] = [sizes[0], sizes.at(-1)];
  const step = Number(((max - min) / (sizes.length - 1)).toPrecision(6));
  return { input: 'range', name: 'ε', min, max, step };
}

/** Picture and bars of one model, at the ε of the slider. */
function modelPlot(name: string, label: number): VegaLiteSpec {
  const chosen = `datum.model === ${JSON.stringify(name)} && abs(datum.eps - eps) < 1e-6`;
  return {
    title: name,
    transform: [{ filter: chosen }],
    spacing: 8,
    hconcat: [picturePlot(label), barPlot(label)],
  };
}

function picturePlot(label: number): VegaLiteSpec {
  const [right, wrong] = [ROLES.clean.colour, ROLES.adversarial.colour];
  const color = { condition: { test: `datum.answer === ${label}`, value: right }, value: wrong };
  const said = { type: 'text', baseline: 'top' };
  return {
    width: PICTURE,
    height: HEIGHT,
    encoding: { x: { value: PICTURE / 2 } },
    layer: [
      {
        mark: { type: 'image', width: PICTURE, height: PICTURE, aspect: false, smooth: false },
        encoding: { y: { value: PICTURE / 2 }, url: { field: 'image', type: 'nominal' } },
      },
      {
        transform: [{ calculate: `'read as ' + datum.answer`, as: 'said' }],
        mark: said,
        encoding: { y: { value: PICTURE + 8 }, text: { field: 'said' }, color },
      },
    ],
  };
}

/** The probability of each class; that of the right one is filled. */
function barPlot(label: number): VegaLiteSpec {
  const [right, wrong] = [ROLES.clean.colour, ROLES.adversarial.colour];
  const isRight = `datum.class === ${label}`;
  const probability = { title: 'probability', percent: true, domain: [0, 1] } as const;
  return {
    transform: [{ flatten: ['p', 'class'] }],
    width: 165,
    height: HEIGHT,
    mark: { type: 'bar', strokeWidth: 1.2 },
    encoding: {
      x: { field: 'class', type: 'ordinal', axis: { title: 'class', labelAngle: 0 } },
      y: yChannel('p', probability, []),
      fill: { condition: { test: isRight, value: right }, value: tint(wrong, 0.25) },
      stroke: { condition: { test: isRight, value: right }, value: wrong },
      tooltip: [
        { field: 'class', type: 'ordinal' },
        { field: 'p', type: 'quantitative', title: 'probability' },
      ],
    },
  };
}

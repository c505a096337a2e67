/** Digits and perturbations as small PNGs, ready for `grid`. */

import * as tf from '@tensorflow/tfjs-core';
import { encode } from 'fast-png';
import type { Images } from '../attacks/index.js';
import { UserError } from '../errors.js';
import type { GridImage, PublishedGrid } from '../mime.js';
import type { Evaluation } from './evaluate.js';

/** Two lines of text for an image. */
export interface ImageText {
  readonly above?: string;
  readonly below?: string;
  readonly wrong?: boolean;
}

/** A grey image, one byte per pixel. pixels: width · height numbers, 0 black to 1 white; values
 *  outside are cut. */
export function greyImage(
  pixels: ArrayLike<number>,
  width: number,
  text: ImageText = {},
): GridImage {
  const bytes = Uint8Array.from(pixels, (value) =>
    Math.round(255 * Math.min(1, Math.max(0, value))),
  );
  return { ...packed(bytes, width, 1), ...text };
}

type Colour = readonly [number, number, number];
const BLUE: Colour = [0, 0x72, 0xb2];
const VERMILION: Colour = [0xd5, 0x5e, 0];

/** Numbers around zero as colours: −range blue, 0 white, +range vermilion. */
export function signedImage(
  values: ArrayLike<number>,
  width: number,
  range: number,
  text: ImageText = {},
): GridImage {
  if (!(range > 0)) {
    throw new UserError(`expected a range above 0, got ${range}`, { hint: 'Give eps.' });
  }
  const bytes = Uint8Array.from(
    Array.from(values).flatMap((value) => {
      const share = Math.min(1, Math.abs(value) / range);
      const end = value < 0 ? BLUE : VERMILION;
      return end.map((channel) => Math.round(255 + share * (channel - 255)));
    }),
  );
  return { ...packed(bytes, width, 3), ...text };
}

export interface Triples {
  readonly x: Images;
  readonly xAdv: Images;
  readonly y: ArrayLike<number>;
  /** The model on x and on xAdv. */
  readonly clean: Evaluation;
  readonly adversarial: Evaluation;
  /** Range of the perturbation's colours. */
  readonly eps: number;
  /** Which images, a row each. */
  readonly indices: readonly number[];
  /** Names of the classes, default their numbers. */
  readonly classNames?: readonly string[];
}

/** Rows of clean + perturbation = adversarial: label above, class and confidence below. Ready to
 *  be shown: `grid(await triples({...}))`. Images of one channel. */
export async function triples(input: Triples): Promise<Omit<PublishedGrid, 'kind' | 'scale'>> {
  const { x, xAdv, y, clean, adversarial, eps, indices, classNames } = input;
  const name = (label: number): string => classNames?.[label] ?? String(label);
  const [before, after] = [await readPixels(x, indices), await readPixels(xAdv, indices)];
  const width = x.shape[2] as number;
  const said = (seen: Evaluation, i: number): ImageText => ({
    below: `${name(seen.predictions[i] as number)}, ${percent(seen.confidences[i] as number)}`,
    wrong: seen.predictions[i] !== y[i],
  });
  const rows = indices.map((index, row) => {
    const [a, b] = [before[row] as Float32Array, after[row] as Float32Array];
    const delta = b.map((value, i) => value - (a[i] as number));
    return [
      greyImage(a, width, { above: `label ${name(y[index] as number)}`, ...said(clean, index) }),
      signedImage(delta, width, eps, { below: `±${eps}` }),
      greyImage(b, width, said(adversarial, index)),
    ];
  });
  return { rows, heads: ['clean', 'perturbation', 'adversarial'], signs: ['+', '='] };
}

/** Images of one channel as PNGs in `data:` addresses, for the rows of a figure. x: [N, height, width,
 *  1] in [0, 1]. Throws UserError for another shape. */
export async function pictures(x: Images): Promise<string[]> {
  const all = await readPixels(x, [...Array(x.shape[0]).keys()]);
  return all.map((pixels) => {
    return `data:image/png;base64,${greyImage(pixels, x.shape[2] as number).png}`;
  });
}

async function readPixels(x: Images, indices: readonly number[]): Promise<Float32Array[]> {
  if (x.rank !== 4 || x.shape[3] !== 1) {
    throw new UserError(`expected images of shape [N, height, width, 1], got [${x.shape}]`, {
      hint: 'Show grey images, one channel each.',
    });
  }
  const wrong = indices.find((index) => !(index >= 0 && index < (x.shape[0] as number)));
  if (wrong !== undefined) {
    throw new UserError(`expected indices below ${x.shape[0]}, got ${wrong}`, {
      hint: 'Count images from 0.',
    });
  }
  return Promise.all(
    indices.map(async (index) => {
      const one = tf.slice(x, index, 1);
      const pixels = Float32Array.from(await one.data());
      one.dispose();
      return pixels;
    }),
  );
}

function packed(data: Uint8Array, width: number, channels: number): GridImage {
  const height = data.length / channels / width;
  if (!Number.isInteger(height)) {
    throw new UserError(`expected whole rows of ${width} pixels, got ${data.length / channels}`, {
      hint: 'Give the width of the image.',
    });
  }
  const png = encode({ width, height, data, channels, depth: 8 });
  return { png: Buffer.from(png).toString('base64'), width, height };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share >= 0.9995 ? 0 : 1)}\u202f%`;
}

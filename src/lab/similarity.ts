/** How alike two images look. */

import { ssim } from 'ssim.js';
import type { Images } from '../attacks/index.js';
import { UserError } from '../errors.js';

/** Pixels of the Gaussian window of the paper, deviation 1.5. */
const WINDOW = 11;

/** Structural similarity, SSIM, of each pair of images: 1 for equal ones. Wang, Bovik, Sheikh,
 *  Simoncelli 2004 (IEEE Transactions on Image Processing 13, 4): mean over windows of 11 × 11
 *  pixels, K₁ = 0.01, K₂ = 0.03, on images rounded to 8 bits. x and xAdv: [N, height, width, 1]
 *  in [0, 1]. Throws UserError for other shapes, and for pixels outside. */
export async function structuralSimilarity(x: Images, xAdv: Images): Promise<number[]> {
  const [count = 0, height = 0, width = 0, channels] = x.shape;
  checkPair(x, xAdv);
  const [before, after] = await Promise.all([x.data(), xAdv.data()]);
  const size = height * width * (channels as number);
  return Array.from({ length: count }, (_, i) => {
    const image = (values: ArrayLike<number>) => greyPixels(values, i * size, { width, height });
    return ssim(image(before), image(after), { ssim: 'fast', downsample: false }).mssim;
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** As the library takes images: 8 bits, four channels a pixel. */
function greyPixels(
  values: ArrayLike<number>,
  start: number,
  { width, height }: Size,
): Size & { readonly data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const value = values[start + i] as number;
    if (!(value >= 0 && value <= 1)) {
      throw new UserError(`expected pixels in [0, 1], got ${value}`, {
        hint: 'Compare clipped images: SSIM is defined for those alone.',
      });
    }
    data.fill(255 * value, 4 * i, 4 * i + 4); // rounds
  }
  return { data, width, height };
}

function checkPair(x: Images, xAdv: Images): void {
  const [, height = 0, width = 0, channels] = x.shape;
  const fits = x.rank === 4 && channels === 1 && Math.min(height, width) >= WINDOW;
  if (fits && String(x.shape) === String(xAdv.shape)) return;
  const wanted = fits ? `the shape [${x.shape}]` : 'grey images of 11 × 11 pixels or more';
  throw new UserError(`expected ${wanted}, got [${fits ? xAdv.shape : x.shape}]`, {
    hint: 'Give clean and changed images alike, as [N, height, width, 1].',
  });
}

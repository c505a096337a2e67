/** The one matrix decomposition of the lab. */

import { UserError } from '../errors.js';

/** L⁻¹ and log det S of the symmetric d × d matrix S = LLᵀ, row after row, after `ridge` was added to
 *  its diagonal. Then (x − μ)ᵀS⁻¹(x − μ) = ‖L⁻¹(x − μ)‖². In 64 bits.
 *  Throws UserError for a matrix that is not positive definite. */
export function choleskyInverse(
  S: ArrayLike<number>,
  d: number,
  ridge: number,
): { readonly inverse: Float32Array; readonly logDeterminant: number } {
  const L = Float64Array.from(S);
  let logDeterminant = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (L[i * d + j] as number) + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) sum -= (L[i * d + k] as number) * (L[j * d + k] as number);
      if (i !== j) {
        L[i * d + j] = sum / (L[j * d + j] as number);
        continue;
      }
      if (!(sum > 0)) {
        throw new UserError(`expected a positive definite matrix, got pivot ${sum} in row ${i}`, {
          hint: 'Give a larger ridge.',
        });
      }
      L[i * d + i] = Math.sqrt(sum);
      logDeterminant += Math.log(sum);
    }
  }
  return { inverse: Float32Array.from(lowerInverse(L, d)), logDeterminant };
}

/** The inverse of a lower triangular matrix. Rows from the top: row i needs those above it alone. */
function lowerInverse(L: Float64Array, d: number): Float64Array {
  const inverse = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    const pivot = L[i * d + i] as number;
    for (let k = 0; k < i; k++) {
      const factor = (L[i * d + k] as number) / pivot;
      if (factor === 0) continue;
      for (let j = 0; j <= k; j++) {
        inverse[i * d + j] =
          (inverse[i * d + j] as number) - factor * (inverse[k * d + j] as number);
      }
    }
    inverse[i * d + i] = 1 / pivot;
  }
  return inverse;
}

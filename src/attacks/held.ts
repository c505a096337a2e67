/** Tensors that live across an `await`, where `tf.tidy` cannot see them. */

import * as tf from '@tensorflow/tfjs-core';

export interface Held {
  /** Frees the tensor at the end at the latest. */
  keep<T extends tf.Tensor>(tensor: T): T;
  /** Frees it now. */
  free(...tensors: tf.Tensor[]): void;
  /** Leaves it to the caller. */
  give<T extends tf.Tensor>(tensor: T): T;
}

/** Puts a new tensor in the place of one that is kept. `make` runs in a tidy. */
export function swap<T extends tf.Tensor>(held: Held, old: T, make: () => T): T {
  const next = held.keep(tf.tidy(make));
  held.free(old);
  return next;
}

/** Runs the work, and frees what it kept and did not give away, also when it fails. */
export async function holding<T>(work: (held: Held) => Promise<T>): Promise<T> {
  const kept = new Set<tf.Tensor>();
  try {
    return await work({
      keep(tensor) {
        kept.add(tensor);
        return tensor;
      },
      free(...tensors) {
        for (const tensor of tensors) if (kept.delete(tensor)) tensor.dispose();
      },
      give(tensor) {
        kept.delete(tensor);
        return tensor;
      },
    });
  } finally {
    tf.dispose([...kept]);
  }
}

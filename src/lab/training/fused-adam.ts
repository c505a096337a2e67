/** Adam by TensorFlow's own kernel: one pass over the weights where TensorFlow.js takes twelve. The
 *  kernel changes memory that TensorFlow keeps between calls. */

import * as tf from '@tensorflow/tfjs-core';
import { change, compute, float32As, shapeAs, textAs } from '../native-kernels.js';
import type { Slot } from './state.js';

/** The numbers of one step, under TensorFlow's names. */
export interface AdamNumbers {
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam for some weights. */
export interface Adam {
  /** `w1/m`, `w1/v`. */
  readonly slots: { readonly [name: string]: Slot };
  /** Changes each weight that has a gradient:
   *  w ← w − lr · √(1 − beta2Power) / (1 − beta1Power) · m / (√v + epsilon). */
  apply(gradients: { readonly [name: string]: tf.Tensor }, numbers: AdamNumbers): void;
}

/** Memory in which a kernel can change numbers in place. */
interface NativeSlot extends Slot {
  readonly handle: tf.Tensor;
}

/** TensorFlow's word for memory that lives as long as its handle. */
const NAMELESS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** Adam on the native engine. The caller disposes its slots. */
export function fusedAdam(weights: { readonly [name: string]: tf.Variable }): Adam {
  const slots: { [name: string]: NativeSlot } = {};
  for (const [name, { shape }] of Object.entries(weights)) {
    slots[`${name}/m`] = nativeZeros(shape);
    slots[`${name}/v`] = nativeZeros(shape);
  }
  return {
    slots,
    apply: (gradients, { beta1Power, beta2Power, lr, beta1, beta2, epsilon }) => {
      const numbers = [beta1Power, beta2Power, lr, beta1, beta2, epsilon];
      const scalars = numbers.map((number) => tf.scalar(number));
      for (const [name, gradient] of Object.entries(gradients)) {
        const weight = weights[name] as tf.Variable;
        const w = nativeSlot(weight.shape);
        w.assign(weight);
        const memory = [w, slots[`${name}/m`], slots[`${name}/v`]] as NativeSlot[];
        const handles = memory.map(({ handle }) => handle);
        change('ResourceApplyAdam', [float32As('T')], [...handles, ...scalars, gradient]);
        weight.assign(contentOf(w));
        w.dispose();
      }
    },
  };
}

function nativeZeros(shape: number[]): NativeSlot {
  const slot = nativeSlot(shape);
  tf.tidy(() => slot.assign(tf.zeros(shape)));
  return slot;
}

/** Room for a tensor; nothing is in it until `assign`. */
function nativeSlot(shape: number[]): NativeSlot {
  const attributes = [float32As('dtype'), shapeAs('shape', shape), textAs('shared_name', NAMELESS)];
  const slot: NativeSlot = {
    handle: tf.keep(compute('VarHandleOp', attributes, [])),
    shape,
    assign: (value) => change('AssignVariableOp', [float32As('dtype')], [slot.handle, value]),
    dataSync: () => tf.tidy(() => contentOf(slot).dataSync()),
    dispose: () => slot.handle.dispose(),
  };
  return slot;
}

function contentOf({ handle }: NativeSlot): tf.Tensor {
  return compute('ReadVariableOp', [float32As('dtype')], [handle]);
}

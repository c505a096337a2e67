/** Adam by TensorFlow's own kernel: one pass over the weights where TensorFlow.js takes twelve. The
 *  kernel changes memory that TensorFlow keeps between calls. */

import * as tf from '@tensorflow/tfjs-core';
import { ADAM } from '../../attacks/adam.js';
import { change, compute, float32As, shapeAs, textAs } from '../native-kernels.js';
import type { Slot } from './state.js';

/** Adam for some weights. */
export interface Adam {
  /** `w1/m`, `w1/v`. */
  readonly slots: { readonly [name: string]: Slot };
  /** Changes each weight that has a gradient. step: 1, 2, … */
  apply(gradients: { readonly [name: string]: tf.Tensor }, step: number, lr: number): void;
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
    apply: (gradients, step, lr) => {
      const scalars = kernelNumbers(step, lr).map((number) => tf.scalar(number));
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

/** β₁ᵗ, β₂ᵗ, lr, β₁, β₂ and ε, as the kernel wants them: its ε stands beside √v, the paper's beside
 *  √v̂. */
function kernelNumbers(step: number, lr: number): number[] {
  const { beta1, beta2, epsilon } = ADAM;
  const [power1, power2] = [beta1 ** step, beta2 ** step];
  return [power1, power2, lr, beta1, beta2, epsilon * Math.sqrt(1 - power2)];
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

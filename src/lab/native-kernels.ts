/** TensorFlow's kernels, called directly through tfjs-node's backend, and kernels of tfjs-node that
 *  faster ones replace. */

import * as tf from '@tensorflow/tfjs-core';

/** A setting of a kernel, as tfjs-node takes it. */
export interface Attribute {
  readonly name: string;
  readonly type: number | undefined;
  readonly value: unknown;
}

/** What tfjs-node's backend can do, and the types of TensorFlow.js do not tell. */
interface Native {
  readonly binding: { readonly [constant: string]: number };
  executeMultipleOutputs(
    kernel: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/** Runs a kernel that gives nothing back. */
export function change(
  kernel: string,
  attributes: readonly Attribute[],
  inputs: readonly tf.TensorInfo[],
): void {
  native().executeMultipleOutputs(kernel, attributes, inputs, 0);
}

/** Runs a kernel that gives one tensor. */
export function compute(
  kernel: string,
  attributes: readonly Attribute[],
  inputs: readonly tf.TensorInfo[],
): tf.Tensor {
  return (native().executeMultipleOutputs(kernel, attributes, inputs, 1) as [tf.Tensor])[0];
}

/** float32 as the value of the attribute so named. */
export function float32As(name: string): Attribute {
  const { TF_ATTR_TYPE, TF_FLOAT } = native().binding;
  return { name, type: TF_ATTR_TYPE, value: TF_FLOAT };
}

export function shapeAs(name: string, shape: readonly number[]): Attribute {
  return { name, type: native().binding.TF_ATTR_SHAPE, value: shape };
}

export function numbersAs(name: string, numbers: readonly number[]): Attribute {
  return { name, type: native().binding.TF_ATTR_INT, value: numbers };
}

export function textAs(name: string, text: string): Attribute {
  return { name, type: native().binding.TF_ATTR_STRING, value: text };
}

/** Lets every gradient of ReLU be one kernel, where TensorFlow.js composes it of six. */
export function registerReluGradient(): void {
  const reluGradient = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor =>
    tf.engine().runKernel('ReluGrad', { dy, y });
  tf.registerKernel({
    kernelName: 'ReluGrad',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { dy, y } }) =>
      compute('ReluGrad', [float32As('T')], [dy, y] as tf.TensorInfo[]),
  });
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => reluGradient(dy as tf.Tensor, y as tf.Tensor) }),
  });
  // Linear in dy, flat in y almost everywhere: for gradients of gradients.
  tf.registerGradient({
    kernelName: 'ReluGrad',
    inputsToSave: ['y'],
    gradFunc: (ddy, [y]) => ({
      dy: () => reluGradient(ddy as tf.Tensor, y as tf.Tensor),
      y: () => tf.zerosLike(y as tf.Tensor),
    }),
  });
}

/** Lets max pooling and its gradient be oneDNN's, several times as fast as TensorFlow's. The gradient needs
 *  the places of the largest numbers, which oneDNN's pass forward notes beside them: it runs once more. A
 *  library without oneDNN keeps TensorFlow's. */
export function registerMaxPooling(): void {
  if (!hasFastPooling()) return;
  replaceKernel('MaxPool', (call, whole) => {
    const { x } = call.inputs as { x: tf.Tensor4D };
    const setting = call.attrs as unknown as PoolingSetting;
    const isCommon = x.dtype === 'float32' && typeof setting.pad === 'string';
    if (isEmpty(x) || !isCommon) return whole(call);
    const [largest, places] = fastPooling(x, poolingOf(x, setting));
    places.dispose();
    return largest;
  });
  replaceKernel('MaxPoolGrad', (call, whole) => {
    const { dy, input } = call.inputs as { dy: tf.Tensor4D; input: tf.Tensor4D };
    if (isEmpty(input)) return whole(call);
    return fastPoolingGradient(dy, input, call.attrs as unknown as PoolingSetting);
  });
}

/** Of no images oneDNN ends the process. */
function isEmpty({ shape }: tf.Tensor4D): boolean {
  return shape[0] === 0;
}

function hasFastPooling(): boolean {
  try {
    const setting: PoolingSetting = { filterSize: 2, strides: 2, pad: 'valid' };
    tf.tidy(() => fastPoolingGradient(tf.ones([1, 1, 1, 1]), tf.ones([1, 2, 2, 1]), setting));
    return true;
  } catch {
    return false;
  }
}

/** The largest numbers and their places, as only the gradient can read them. */
function fastPooling(input: tf.Tensor4D, attributes: Attribute[]): [tf.Tensor, tf.Tensor] {
  const pooled = native().executeMultipleOutputs('_MklNativeMaxPool', attributes, [input], 2);
  return pooled as [tf.Tensor, tf.Tensor];
}

function fastPoolingGradient(
  dy: tf.Tensor4D,
  input: tf.Tensor4D,
  setting: PoolingSetting,
): tf.Tensor {
  const attributes = poolingOf(input, setting);
  const [largest, places] = fastPooling(input, attributes);
  const slope = compute('_MklNativeMaxPoolGrad', attributes, [input, largest, dy, places]);
  tf.dispose([largest, places]);
  return slope;
}

/** Lets a tensor that keeps its shape or its type stay where it is. The gradients of TensorFlow.js ask for
 *  that at every sum and product, and tfjs-node calls a kernel each time. */
export function registerShortcuts(): void {
  const { kernelFunc: identity } = tf.getKernel('Identity', 'tensorflow'); // of an input x, as theirs
  replaceKernel('Reshape', (call, whole) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    return String(x.shape) === String(call.attrs?.shape) ? identity(call) : whole(call);
  });
  replaceKernel('Cast', (call, whole) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    return x.dtype === call.attrs?.dtype ? identity(call) : whole(call);
  });
}

type KernelCall = Parameters<tf.KernelFunc>[0];

/** Puts `instead` in the place of tfjs-node's kernel, which it gets as `whole`. */
function replaceKernel(
  kernelName: string,
  instead: (call: KernelCall, whole: tf.KernelFunc) => tf.TensorInfo | tf.TensorInfo[],
): void {
  const backendName = 'tensorflow';
  const { kernelFunc: whole } = tf.getKernel(kernelName, backendName);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: (call) => instead(call, whole) });
}

/** Of a pooling, as TensorFlow.js writes it. */
interface PoolingSetting {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same';
}

function poolingOf(
  { shape }: tf.Tensor4D,
  { filterSize, strides, pad }: PoolingSetting,
): Attribute[] {
  const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
  return [
    float32As('T'),
    numbersAs('ksize', [1, pool.filterHeight, pool.filterWidth, 1]),
    numbersAs('strides', [1, pool.strideHeight, pool.strideWidth, 1]),
    textAs('padding', pool.padInfo.type),
    textAs('data_format', 'NHWC'),
    { name: 'workspace_enabled', type: native().binding.TF_ATTR_BOOL, value: true },
    textAs('_kernel', 'MklNameChangeOp'), // the label under which TensorFlow keeps oneDNN's kernels
  ];
}

function native(): Native {
  return tf.backend() as unknown as Native;
}

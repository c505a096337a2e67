// Both engines load the methods of tensors, x.add(y); this line gives the cells their types.
/// <reference types="@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js" preserve="true" />

/** What a notebook imports: `import { startEngine, mnist, fgsm } from 'marginalia'`. */

export * from './attacks/index.js';
export * from './lab/index.js';

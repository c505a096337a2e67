/** What a notebook imports: `import { startEngine, mnist, fgsm } from 'marginalia'`. */

export * from './attacks/index.js';
export * from './lab/index.js';

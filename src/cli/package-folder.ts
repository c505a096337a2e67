import { fileURLToPath } from 'node:url';

/** The folder of this package, in which `dist` lies. */
export const packageFolder: string = fileURLToPath(new URL('../..', import.meta.url));

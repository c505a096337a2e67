/** docs/your-own-notebook.md, done as it says: weights from Python, its cells in a notebook, the report. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cacheFolder } from '../../setup/cache-folder.mjs';
import { run } from '../../setup/run.mjs';
import { random } from '../../src/lab/random.js';
import { encodeTensors, type NamedArray } from '../../src/lab/safetensors.js';
import { makeDesk, notebookText } from '../press/report/desk.js';

const page = readFileSync('docs/your-own-notebook.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, text = '']) => ({
  kind,
  text: text.trimEnd(),
}));
const cells = blocks.flatMap(({ kind, text }) => {
  if (kind === 'markdown') return { md: text };
  return kind === 'ts' ? { code: text } : [];
});

/** Made by `npm run bench`; the page's Python runs there. */
const PYTHON = join(cacheFolder(), 'bench', 'torch', 'bin', 'python');
const hasTorch = existsSync(PYTHON);

/** The cells of the page in a notebook of its own, beside the weights that `bring` writes. */
async function report(bring: (folder: string) => Promise<void>) {
  const desk = makeDesk();
  onTestFinished(() => desk.clear());
  desk.put('my-notebook.ipynb', notebookText(cells));
  await bring(desk.folder);
  const { errors, warnings } = await desk.run({ notebooks: [desk.path('my-notebook.ipynb')] });
  expect(errors).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/expected a question and its answer/)]);
  return desk.text('reports/my-notebook.html');
}

test('the cells of the page become a report', async () => {
  const text = await report(async (folder) => {
    const draws = random(1);
    const weight = (...shape: number[]): NamedArray => {
      const size = shape.reduce((product, length) => product * length, 1);
      return { shape, values: draws.uniform(size, -0.1, 0.1) };
    };
    const tensors = { w1: weight(3, 3, 1, 8), b1: weight(8), w2: weight(1568, 10), b2: weight(10) };
    writeFileSync(join(folder, 'my-net.safetensors'), encodeTensors({ tensors, metadata: {} }));
  });
  expect(text).toMatch(/PGD fools my net on \d+\s% of 100 digits/);
  expect(text).toContain('Figure 1');
});

test.skipIf(!hasTorch)('the same image has the same logits in PyTorch (needs torch)', async () => {
  const python = blocks.find(({ kind }) => kind === 'python')?.text ?? '';
  let logits = 'none';
  const text = await report(async (folder) => {
    const { stdout, stderr } = await run(PYTHON, ['-c', python], { cwd: folder });
    expect(stderr).toBe('');
    logits = stdout.trim();
  });
  expect(logits.split(' ')).toHaveLength(10);
  expect(text).toContain(logits);
});

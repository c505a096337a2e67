/** The other versions of Node that we say we run on, out of npm's packages of Node: each runs the
 *  command, the kernel and the engine. */

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildDist } from '../setup/build.mjs';
import { cacheFolder } from '../setup/cache-folder.mjs';
import { bindingFile } from '../setup/engine-binding.mjs';
import { lastLine, run } from '../setup/run.mjs';
import { makeDesk, notebookText } from './press/report/desk.js';

/** One of each line. The Node that runs these tests is tested by all of them. */
const VERSIONS = ['20.20.2', '22.23.3', '24.21.0'];
const lineOf = (version: string): string => version.split('.')[0] ?? version;
const others = VERSIONS.filter((version) => lineOf(version) !== lineOf(process.versions.node));

const FETCH_LIMIT_MS = 60_000;
const ENGINE = existsSync(bindingFile(resolve('.'))) ? 'native' : 'cpu';

/** The program, from the cache folder of the project or fetched into it; or why it cannot be had. */
async function nodeOf(version: string): Promise<{ path: string } | { missing: string }> {
  const folder = join(cacheFolder(), 'node', version);
  const path = join(folder, 'node');
  if (existsSync(path)) return { path };
  await mkdir(join(folder, '..'), { recursive: true });
  const temporary = await mkdtemp(`${folder}-`);
  try {
    const name = `node-${process.platform}-${process.arch}`;
    const args = ['install', '--prefix', temporary, '--ignore-scripts', '--no-audit', '--no-fund'];
    const result = await run('npm', [...args, `${name}@${version}`], { timeoutMs: FETCH_LIMIT_MS });
    if (!result.ok) return { missing: lastLine(result) };
    // Another run of the tests may have been faster.
    await rename(join(temporary, 'node_modules', name, 'bin'), folder).catch(() => undefined);
    return existsSync(path) ? { path } : { missing: `${name} has no bin/node` };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const WORKS = notebookText([
  { md: '# Works' },
  { code: 'import * as lab from "marginalia";\nconsole.log((await lab.startEngine()).kind);' },
  {
    code: `const digits = await lab.mnist({ train: 300, test: 100 });
const model = await lab.trained(lab.madryCnn(2), digits.train, { epochs: 1, seed: 1 });
const { x, y } = digits.test;
const { xAdv } = await lab.fgsm(model, x, y, { eps: 0.3 });
console.log("moved", (await xAdv.sub(x).abs().max().data())[0].toFixed(3));`,
  },
  { code: 'for (let line = 1; line <= 1000; line++) console.log("line", line);' },
]);

const FAILS = notebookText([
  { md: '# Fails' },
  { code: 'interface Odd { n: number }\nconst odd: Odd = { n: 1 };\nthrow new RangeError("odd");' },
]);

await buildDist(resolve('.'));
const nodes = await Promise.all(
  others.map(async (version) => ({ version, found: await nodeOf(version) })),
);

for (const { version, found } of nodes) {
  const missing = 'missing' in found ? found.missing : '';
  describe.skipIf(missing !== '')(`Node ${version}${missing && ` (${missing})`}`, () => {
    test('trains, attacks, prints, and tells where a cell fails', async () => {
      const desk = makeDesk();
      onTestFinished(() => desk.clear());
      desk.book(['works.ipynb', 'fails.ipynb']);
      desk.put('notebooks/works.ipynb', WORKS);
      desk.put('notebooks/fails.ipynb', FAILS);
      const [program, bin] = [(found as { path: string }).path, resolve('bin/marginalia.mjs')];
      const env = {
        ...process.env,
        MARGINALIA_CACHE: desk.path('cache'),
        MARGINALIA_ENGINE: ENGINE,
      };
      const { code, stderr } = await run(program, [bin, 'build', '--to', 'html'], {
        cwd: desk.folder,
        env,
      });
      expect(stderr.split('\n').filter((line) => line.startsWith('error'))).toEqual([
        expect.stringMatching(/fails.ipynb, cell 2 \(c2\), line 3: RangeError: odd\. Mend/),
      ]);
      expect(code).toBe(1);
      const text = desk.text('reports/works.html');
      expect(text).toMatch(new RegExp(`^${ENGINE}$`, 'm'));
      expect(text).toMatch(/^moved 0.300$/m);
      expect(JSON.parse(desk.read('reports/works.ipynb')).cells[3].outputs[0].text).toHaveLength(
        1000,
      );
      expect(text).toContain(`on Node ${version}`);
    });
  });
}

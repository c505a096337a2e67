/** The figures we quote, measured: one JSON line each.
 *
 *      npm run bench                 all but carlini-wagner (half an hour or more) and the fresh clone
 *      npm run bench -- execute      one of: execute, render, start, torch, pgd, pgd-training,
 *                                  deep-fool, jsma, carlini-wagner, test, clone
 *
 *  Peers (nbclient, nbconvert, PyTorch, Foolbox, torchattacks, ART, adversarial-library) live in Python environments of their
 *  own in the cache folder; they are never a dependency. Each figure is the median of several whole
 *  processes, ours and the peers' in turn, so that a noisy machine troubles all alike. */

import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../setup/cache-folder.mjs';
import { setUp } from '../setup/set-up.mjs';
import {
  inFolder,
  print,
  RUNS,
  root,
  round,
  run,
  seconds,
  sideBySide,
  summary,
} from './measure.mjs';
import { carliniWagner, deepFool, jsma } from './nearest-benches.mjs';
import { notebookPeers } from './peers.mjs';
import { pgd, pgdTraining, torch } from './torch-benches.mjs';

const cli = join(root, 'bin', 'marginalia.mjs');

/** @param {string} folder */
async function trivialNotebook(folder) {
  const cells = Array.from({ length: 30 }, (_, i) => ({
    cell_type: 'code',
    id: `cell-${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source: `console.log(${i});`,
  }));
  const metadata = {
    kernelspec: { name: 'tslab', display_name: 'TypeScript' },
    language_info: { name: 'typescript' },
  };
  const path = join(folder, 'trivial.ipynb');
  await writeFile(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

const BENCHES = {
  /** 30 trivial cells, whole process, against nbclient on the same kernel. */
  execute: () =>
    inFolder(async (folder) => {
      const notebook = await trivialNotebook(folder);
      const bin = await notebookPeers();
      const result = await sideBySide(
        () => seconds(process.execPath, [join(root, 'bench', 'execute.mjs'), notebook]),
        () => seconds(join(bin, 'jupyter-execute'), [notebook], { cwd: folder }),
      );
      print({
        figure: 'execute-30-cells',
        unit: 's',
        peer_name: 'nbclient',
        limit_ratio: 1,
        ...result,
      });
    }),

  /** Executed notebook to HTML against nbconvert, and to PDF: whole processes. Needs one build of
   *  notebook 01. `cold` is the first page after a change of the press: no piece of it is kept. */
  render: () =>
    inFolder(async (folder) => {
      const executed = join(folder, '01-linear-explanation.ipynb');
      await copyFile(join(root, 'reports', '01-linear-explanation.ipynb'), executed);
      const bin = await notebookPeers();
      const pages = join(cacheFolder(), 'pages');
      const page = async (/** @type {string} */ to) => {
        for (const name of [
          'build.json',
          '01-linear-explanation.html',
          '01-linear-explanation.pdf',
        ]) {
          await rm(join(folder, name), { force: true });
        }
        const args = [cli, 'build', '01', '--no-execute', '--to', to, '--out', folder];
        return seconds(process.execPath, args, { cwd: root });
      };
      await rm(pages, { recursive: true, force: true });
      print({ figure: 'render-html-cold', unit: 's', ours: round(await page('html')) });
      const nbconvert = ['--to', 'html', '--output', 'peer.html', executed];
      const result = await sideBySide(
        () => page('html'),
        () => seconds(join(bin, 'jupyter-nbconvert'), nbconvert),
      );
      print({
        figure: 'render-html',
        unit: 's',
        peer_name: 'nbconvert',
        limit_ratio: 1.2,
        ...result,
      });
      const times = [];
      for (let i = 0; i < RUNS; i++) times.push(await page('html,pdf'));
      print({
        figure: 'render-html-and-pdf',
        unit: 's',
        limit_more_than_html: 5,
        ours: summary(times),
      });
    }),

  /** `npm start` when nothing has changed. */
  async start() {
    await seconds('npm', ['start'], { cwd: root });
    const times = [];
    for (let i = 0; i < RUNS; i++) times.push(await seconds('npm', ['start'], { cwd: root }));
    print({ figure: 'second-start', unit: 's', limit: 5, ours: summary(times) });
    const help = [];
    for (let i = 0; i < RUNS; i++) help.push(await seconds(process.execPath, [cli, '--help']));
    print({ figure: 'help', unit: 's', limit: 0.15, ours: summary(help) });
  },

  torch,
  pgd,
  'pgd-training': pgdTraining,
  'deep-fool': deepFool,
  jsma,
  'carlini-wagner': carliniWagner,

  /** `npm test` with everything installed. */
  async test() {
    print({
      figure: 'test-warm',
      unit: 's',
      limit: 180,
      ours: await seconds('npm', ['test'], { cwd: root }),
    });
  },

  /** A fresh clone with an empty cache, to the finished report. */
  clone: () =>
    inFolder(async (folder) => {
      await run('git', ['clone', '-q', root, join(folder, 'marginalia')]);
      const env = { ...process.env, MARGINALIA_CACHE: join(folder, 'cache') };
      const time = await seconds('npm', ['start'], { cwd: join(folder, 'marginalia'), env });
      print({ figure: 'fresh-clone', unit: 's', limit: 300, ours: round(time) });
    }),
};

const asked = process.argv.slice(2);
const LONG = ['carlini-wagner', 'clone'];
const short = Object.keys(BENCHES).filter((name) => !LONG.includes(name));
const names = asked.length > 0 ? asked : short;
const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  process.stderr.write(`expected ${Object.keys(BENCHES).join(', ')}; got ${unknown}\n`);
  process.exit(2);
}
await setUp({ root, cache: cacheFolder() }); // without the engine ours would be plain JavaScript
for (const name of names) await BENCHES[/** @type {keyof typeof BENCHES} */ (name)]();

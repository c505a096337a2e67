/** The figures we quote, measured: one JSON line each.
 *
 *      npm run bench                 all but the fresh clone
 *      npm run bench -- execute      one of: execute, render, start, torch, test, clone
 *
 *  Peers (nbclient, nbconvert, PyTorch) live in Python environments of their own in the cache folder; they
 *  are never a dependency. Each figure is the median of several whole processes after a warm-up,
 *  ours and the peer's in turn, so that a noisy machine troubles both alike. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../setup/cache-folder.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'bin', 'marginalia.mjs');
const RUNS = 5;

/** @param {string} command @param {string[]} args @param {import('node:child_process').ExecFileOptions} [options] */
async function seconds(command, args, options = {}) {
  const start = performance.now();
  await run(command, args, { maxBuffer: 2 ** 28, ...options });
  return (performance.now() - start) / 1000;
}

/** @param {number[]} values */
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** @param {number[]} values */
const summary = (values) => ({
  median: round(median(values)),
  low: round(Math.min(...values)),
  high: round(Math.max(...values)),
});

/** @param {number} value */
const round = (value) => Number(value.toFixed(3));

/** @param {{[key: string]: unknown}} figure */
const print = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

/** Ours and a peer's in turn: A B A B …, after one warm-up of each.
 *  @param {() => Promise<number>} ours @param {() => Promise<number>} peer */
async function sideBySide(ours, peer) {
  await ours();
  await peer();
  /** @type {number[]} */ const a = [];
  /** @type {number[]} */ const b = [];
  for (let i = 0; i < RUNS; i++) {
    a.push(await ours());
    b.push(await peer());
  }
  return {
    ours: summary(a),
    peer: summary(b),
    ratio: round(median(a.map((x, i) => x / (b[i] ?? 1)))),
  };
}

/** Gives the work a temporary folder, and removes it whatever happens.
 *  @param {(folder: string) => Promise<void>} work */
async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A Python environment with the peers, made once. */
async function peers() {
  const folder = join(cacheFolder(), 'bench', 'peers');
  const bin = join(folder, 'bin');
  if (!existsSync(join(bin, 'jupyter-nbconvert'))) {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(bin, 'pip'), ['install', '-q', 'nbclient', 'nbconvert', 'ipykernel']);
  }
  const kernels = join(folder, 'share', 'jupyter', 'kernels', 'tslab');
  await mkdir(kernels, { recursive: true });
  const argv = [
    process.execPath,
    join(root, 'node_modules/tslab/bin/tslab'),
    'kernel',
    '--config-path={connection_file}',
  ];
  await writeFile(
    join(kernels, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'TypeScript', language: 'typescript' }),
  );
  return bin;
}

/** A Python with PyTorch's CPU build, made once. */
async function torchPython() {
  const folder = join(cacheFolder(), 'bench', 'torch');
  const python = join(folder, 'bin', 'python');
  const marker = join(folder, 'installed');
  if (!existsSync(marker)) {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '-q', 'torch==2.13.0', 'numpy']);
    await writeFile(marker, '');
  }
  return python;
}

/** What a process printed as JSON.
 *  @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 *  @returns {Promise<{ step: number, gradient: number }>} */
async function printed(command, args, env) {
  const { stdout } = await run(command, args, { env: { ...process.env, ...env } });
  return JSON.parse(String(stdout));
}

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
      const bin = await peers();
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
      const bin = await peers();
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

  /** A training step and an input gradient of madry-cnn, batch 100, in turn with PyTorch on the CPU. */
  torch: () =>
    inFolder(async (folder) => {
      const python = await torchPython();
      const ours = [];
      const peer = [];
      for (let i = 0; i < RUNS; i++) {
        const env = { MARGINALIA_CACHE: join(folder, String(i)) };
        ours.push(await printed(process.execPath, [join(root, 'bench', 'madry-cnn.mjs')], env));
        peer.push(await printed(python, [join(root, 'bench', 'madry_cnn.py')]));
      }
      for (const name of /** @type {const} */ (['step', 'gradient'])) {
        const [a, b] = [ours.map((one) => one[name]), peer.map((one) => one[name])];
        print({
          figure: `madry-cnn-${name}`,
          unit: 'ms',
          peer_name: 'PyTorch',
          limit_ratio: 1.1,
          ours: summary(a),
          peer: summary(b),
          ratio: round(median(a.map((x, i) => x / (b[i] ?? 1)))),
        });
      }
    }),

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
const names = asked.length > 0 ? asked : ['execute', 'render', 'start', 'torch', 'test'];
for (const name of names) {
  const bench = BENCHES[/** @type {keyof typeof BENCHES} */ (name)];
  if (bench === undefined) {
    process.stderr.write(`expected ${Object.keys(BENCHES).join(', ')}; got ${name}\n`);
    process.exit(2);
  }
  await bench();
}

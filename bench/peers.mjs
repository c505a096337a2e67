/** The Python environments of the peers, in the cache folder: each is made once. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../setup/cache-folder.mjs';
import { root, run } from './measure.mjs';

/** Peers of the kernel and the pages. Gives the folder of their commands. */
export async function notebookPeers() {
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

/** A JupyterLab. Gives the folder of its commands. */
export async function jupyterLab() {
  const folder = join(cacheFolder(), 'bench', 'jupyterlab');
  const bin = join(folder, 'bin');
  const [marker, wanted] = [join(folder, 'installed'), 'jupyterlab==4.6.6'];
  if ((await readFile(marker, 'utf8').catch(() => null)) !== wanted) {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(bin, 'pip'), ['install', '-q', wanted]);
    await writeFile(marker, wanted);
  }
  return bin;
}

/** `packaging` is what ART imports and does not name among its needs. */
const TORCH = [
  'torch==2.13.0',
  'numpy',
  'safetensors==0.8.0',
  'foolbox==3.3.4',
  'torchattacks==3.5.1',
  'adversarial-robustness-toolbox==1.20.1',
  'packaging',
];

/** Without what it asks for: of that the one attack we run needs PyTorch alone. */
const ALONE = ['adv-lib==0.2.8'];

/** A Python with PyTorch's CPU build and the attack libraries on it. */
export async function torchPython() {
  const folder = join(cacheFolder(), 'bench', 'torch');
  const python = join(folder, 'bin', 'python');
  const marker = join(folder, 'installed');
  const wanted = [...TORCH, ...ALONE].join('\n');
  if ((await readFile(marker, 'utf8').catch(() => null)) !== wanted) {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '-q', ...TORCH]);
    await run(python, ['-m', 'pip', 'install', '-q', '--no-deps', ...ALONE]);
    await writeFile(marker, wanted);
  }
  return python;
}

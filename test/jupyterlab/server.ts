/** A JupyterLab of its own on this machine: its notebooks, settings, kernels and notes lie in one
 *  temporary folder, and it listens on the loopback interface alone. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { jupyterLab } from '../../bench/peers.mjs';
import { run } from '../../setup/run.mjs';

const START_LIMIT_MS = 120_000;

/** All cells in the page, not only those in view. */
const SETTINGS = { '@jupyterlab/notebook-extension/tracker': { windowingMode: 'none' } };

export interface LabServer {
  /** Where a browser opens a file of the notebooks' folder. */
  address(file: string): string;
  close(): Promise<void>;
}

/** Installs the kernel as README.md says, and starts the server. `notebooks`: its root folder. */
export async function startLab(folder: string, notebooks: string): Promise<LabServer> {
  const bin = await jupyterLab();
  const place = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const settings = place('settings');
  for (const [name, value] of Object.entries(SETTINGS)) {
    const [, scope = '', plugin = ''] = /^(.*)\/(.*)$/.exec(name) ?? [];
    mkdirSync(join(settings, scope), { recursive: true });
    writeFileSync(join(settings, scope, `${plugin}.jupyterlab-settings`), JSON.stringify(value));
  }
  const runtime = place('runtime');
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    JUPYTER_DATA_DIR: place('data'),
    JUPYTER_CONFIG_DIR: place('config'),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: place('workspaces'),
  };
  const tslab = resolve('node_modules/.bin/tslab');
  const installed = await run(tslab, ['install', '--binary', tslab], { env, cwd: folder });
  if (!installed.ok) throw new Error(`tslab install: ${installed.stderr}`);
  const token = randomBytes(24).toString('hex');
  const server = spawn(
    join(bin, 'jupyter-lab'),
    [
      ...['--no-browser', '--allow-root', '--ip=127.0.0.1', '--port=0', '--port-retries=0'],
      ...[`--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${notebooks}`],
      '--LabApp.expose_app_in_browser=True',
    ],
    { cwd: notebooks, env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  server.stderr.on('data', (chunk: Buffer) => {
    words = `${words}${chunk}`.slice(-4000);
  });
  const ended = once(server, 'exit');
  const close = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
  };
  const port = await portOf(runtime, () => server.exitCode === null).catch(async (error) => {
    await close();
    throw new Error(`${error.message}: ${words}`);
  });
  // A workspace of its own: nothing that was open before comes back.
  const address = (file: string): string =>
    `http://127.0.0.1:${port}/lab/workspaces/${file.slice(0, 2)}/tree/${file}?token=${token}`;
  return { close, address };
}

/** The server writes a file about itself when it listens. */
async function portOf(runtime: string, isAlive: () => boolean): Promise<number> {
  const end = performance.now() + START_LIMIT_MS;
  while (isAlive() && performance.now() < end) {
    const file = readdirSync(runtime).find((name) => /^jpserver-\d+\.json$/.test(name));
    if (file !== undefined) return JSON.parse(readFileSync(join(runtime, file), 'utf8')).port;
    await setTimeout(200);
  }
  throw new Error('expected JupyterLab to listen, got no sign of it');
}

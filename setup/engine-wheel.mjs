import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileHash } from './file-hash.mjs';
import { lastLine, run } from './run.mjs';
import { step } from './step.mjs';

/** @typedef {{version: string, file: string, sha256: string, platform: string}} Wheel */

/** The Python package whose native library the engine uses.
 *  @type {Wheel} */
export const TENSORFLOW_WHEEL = {
  version: '2.18.1',
  file: 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
  platform: 'manylinux2014_x86_64',
};

const DOWNLOAD_LIMIT_MS = 20 * 60_000;

/** What is unpacked, 700 MB of the wheel's 900: two libraries, and the headers that the binding
 *  includes. Kept in Python, since pip brings Python along and Node cannot read zip files. */
const UNPACK = `
import sys, zipfile
wanted = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2',
          'tensorflow/include/tensorflow/c/', 'tensorflow/include/tensorflow/core/platform/ctstring',
          'tensorflow/include/tsl/platform/ctstring', 'tensorflow/include/xla/tsl/c/')
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(sys.argv[2], [n for n in wheel.namelist() if n.startswith(wanted)])
`;

/** @param {string} cache @param {Wheel} [wheel]
 *  @returns {string} where the user's cache has the wheel's libraries, once they were unpacked */
export function keptLibraries(cache, wheel = TENSORFLOW_WHEEL) {
  return join(cache, 'engine', `tensorflow-${wheel.version}-x86_64`);
}

/** The folder with `lib/` and `include/` of TensorFlow in the user's cache: found there, or made
 *  from the wheel. It gets its name only when complete.
 *  @param {string} cache @param {Wheel} [wheel]
 *  @returns {Promise<string>} its path; throws with one line when there is no such wheel */
export async function libraryFolder(cache, wheel = TENSORFLOW_WHEEL) {
  const folder = keptLibraries(cache, wheel);
  if (existsSync(folder)) return folder;
  await removeLeftovers(dirname(folder));
  const temporary = await mkdtemp(join(dirname(folder), 'unfinished-'));
  try {
    const file = await step(`engine: TensorFlow ${wheel.version}, 230 MB, by pip`, '5–60 s', () =>
      download(temporary, wheel),
    );
    await step('engine: unpacking TensorFlow', '8 s', () => unpack(file, temporary));
    await rename(join(temporary, 'ready'), folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** An earlier set-up that was stopped half-way leaves its folder; nothing in it is ever used.
 *  @param {string} folder */
async function removeLeftovers(folder) {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.startsWith('unfinished-')) await rm(join(folder, name), { recursive: true });
  }
}

/** @param {string} folder @param {Wheel} wheel @returns {Promise<string>} the file */
async function download(folder, { version, file, sha256, platform }) {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `tensorflow-cpu==${version} --hash=sha256:${sha256}\n`);
  const where = ['--dest', folder, '--no-cache-dir', '--quiet', '--disable-pip-version-check'];
  const which = ['--no-deps', '--only-binary=:all:', '--python-version', '3.11'];
  const args = ['-m', 'pip', 'download', ...which, '--platform', platform, ...where];
  const result = await run('python3', [...args, '--require-hashes', '-r', requirements], {
    // pip writes to the temporary folder first, and that of the system may be small.
    env: { ...process.env, TMPDIR: folder },
    timeoutMs: DOWNLOAD_LIMIT_MS,
  });
  if (!result.ok) throw new Error(`pip cannot get TensorFlow: ${lastLine(result)}`);
  const path = join(folder, file);
  const got = existsSync(path) ? await fileHash(path) : 'no such file';
  if (got !== sha256) throw new Error(`expected ${file} with SHA-256 ${sha256}, got ${got}`);
  return path;
}

/** Makes `ready/` with the layout and the library names that the binding links to.
 *  @param {string} wheel @param {string} folder */
async function unpack(wheel, folder) {
  const result = await run('python3', ['-c', UNPACK, wheel, folder]);
  if (!result.ok) throw new Error(`the TensorFlow wheel cannot be unpacked: ${lastLine(result)}`);
  await rm(wheel);
  const [from, ready] = [join(folder, 'tensorflow'), join(folder, 'ready')];
  const lib = join(ready, 'lib');
  await mkdir(lib, { recursive: true });
  await rename(join(from, 'include'), join(ready, 'include'));
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    await rename(join(from, name), join(lib, name));
  }
  await symlink('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so.2'));
  await symlink('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
}

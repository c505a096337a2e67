import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageFolder } from './package-folder.mjs';
import { lastLine, run } from './run.mjs';
import { step } from './step.mjs';

/** The binary interface of Node that the binding is compiled for; every later Node has it. */
const NAPI = 8;

/** @param {string} root the project's folder @returns {string} */
export function engineFolder(root) {
  return packageFolder(root, '@tensorflow/tfjs-node');
}

/** @param {string} root @returns {string} where tfjs-node looks for its binding */
export function bindingFile(root) {
  return join(engineFolder(root), 'lib', `napi-v${NAPI}`, 'tfjs_binding.node');
}

/** The compiled binding of tfjs-node to the TensorFlow library in `libraries`, where it is kept.
 *  @param {string} root @param {string} libraries
 *  @param {boolean} afresh compile even if there is one: the kept one does not load here
 *  @returns {Promise<string>} the file; throws with one line when it cannot be compiled */
export async function compiledBinding(root, libraries, afresh) {
  const about = await readFile(join(engineFolder(root), 'package.json'), 'utf8');
  const file = join(libraries, `tfjs-node-${JSON.parse(about).version}-napi-v${NAPI}.node`);
  if (existsSync(file) && !afresh) return file;
  await step('engine: compiling the binding with g++', '6–20 s', () =>
    compile(root, libraries, file),
  );
  return file;
}

/** @param {string} root @param {string} libraries @param {string} file */
async function compile(root, libraries, file) {
  const source = join(engineFolder(root), 'binding');
  const unfinished = `${file}.${process.pid}.unfinished`;
  const headers = join(packageFolder(root, 'node-api-headers'), 'include');
  const include = [join(libraries, 'include'), headers];
  const result = await run(process.env.CXX || 'g++', [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-w', `-DNAPI_VERSION=${NAPI}`],
    // The sources include each other as `tfjs-node/binding/…` from the package's parent folder.
    ...[...include, dirname(engineFolder(root))].map((folder) => `-I${folder}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(source, name)),
    ...[`-L${join(libraries, 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', unfinished],
  ]);
  if (!result.ok) {
    await rm(unfinished, { force: true });
    throw new Error(`tfjs-node's binding does not compile: ${lastLine(result)}`);
  }
  await rename(unfinished, file);
}

/** Puts the binding and the link to its libraries where tfjs-node looks for them.
 *  @param {string} root @param {string} libraries @param {string} binding */
export async function linkEngine(root, libraries, binding) {
  const deps = join(engineFolder(root), 'deps');
  await rm(deps, { recursive: true, force: true });
  await symlink(libraries, deps);
  // A copy, not a link: the binding finds its libraries from the place where it lies.
  await mkdir(dirname(bindingFile(root)), { recursive: true });
  await rm(bindingFile(root), { force: true });
  await copyFile(binding, bindingFile(root));
}

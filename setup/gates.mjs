import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from './json-file.mjs';
import { run } from './run.mjs';
import { seconds } from './step.mjs';

/** @typedef {{passed: number, failed: number}} Count */

/** Runs every check of the project and prints each one's result.
 *  @param {string} root @param {string[]} filters names of tests, for vitest
 *  @returns {Promise<Count>} format and lint count one, types count one, and each test */
export async function runGates(root, filters) {
  const notes = join(root, 'node_modules', '.marginalia', 'types.tsbuildinfo');
  const incremental = ['--incremental', '--tsBuildInfoFile', notes];
  const counts = [
    await gate(root, 'format and lint', ['@biomejs/biome/bin/biome', 'ci', '.']),
    await gate(root, 'types', ['typescript/bin/tsc', '--noEmit', '-p', '.', ...incremental]),
    await runTests(root, filters),
  ];
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** @param {string} root @param {string} title @param {string[]} command from node_modules
 *  @returns {Promise<Count>} */
async function gate(root, title, [file = '', ...args]) {
  const start = performance.now();
  const result = await run(process.execPath, [join(root, 'node_modules', file), ...args], {
    cwd: root,
  });
  if (!result.ok) process.stdout.write(`${result.stdout}${result.stderr}\n`);
  const took = seconds(performance.now() - start);
  process.stdout.write(`${title}: ${result.ok ? 'passed' : 'FAILED'} in ${took}\n`);
  return { passed: result.ok ? 1 : 0, failed: result.ok ? 0 : 1 };
}

/** @param {string} root @param {string[]} filters @returns {Promise<Count>} */
async function runTests(root, filters) {
  const folder = await mkdtemp(join(tmpdir(), 'marginalia-test-'));
  try {
    const file = join(folder, 'results.json');
    const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reports, ...filters];
    const result = await run(process.execPath, args, { cwd: root, output: 'show' });
    return countTests(await readJson(file), result.ok);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Counts one failure too for a file that cannot even be loaded, and for a run that fails without
 *  a test to blame.
 *  @param {any} report of vitest's json reporter, null when it wrote none
 *  @param {boolean} ok whether vitest itself was content @returns {Count} */
export function countTests(report, ok) {
  const passed = report?.numPassedTests ?? 0;
  const files = /** @type {{status: string, assertionResults: {status: string}[]}[]} */ (
    report?.testResults ?? []
  );
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = (report?.numFailedTests ?? 0) + broken.length;
  return { passed, failed: failed === 0 && !ok ? 1 : failed };
}

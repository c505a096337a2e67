import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './json-file.mjs';
import { withLock } from './lock.mjs';
import { packageFolder } from './package-folder.mjs';
import { lastLine, run } from './run.mjs';
import { step } from './step.mjs';

/** Unpacks where TMPDIR points to, which it reads when it is imported. */
const UNPACK = `
const { default: chromium } = await import('@sparticuz/chromium');
await chromium.executablePath();
`;

/** Starts the browser with the system libraries of its package: small images lack libnss3. */
const WITH_LIBRARIES = `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/chromium" "$@"
`;

/** The Chromium of the npm package, unpacked once per version into the user's cache.
 *  @param {string} root @param {string} cache
 *  @returns {Promise<{name: string, plain: string, withLibraries: string} | null>} its two ways to
 *  start; null where the package has none for this machine. Throws when it cannot be unpacked */
export async function packagedBrowser(root, cache) {
  const about = await readJson(join(packageFolder(root, '@sparticuz/chromium'), 'package.json'));
  if (about === null || process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = join(cache, 'browser', `chromium-${about.version}`);
  if (!existsSync(folder)) {
    await withLock(
      `${folder}.lock`,
      () => unpackOnce(root, folder),
      (owner) => process.stderr.write(`browser: waiting for another set-up (process ${owner})\n`),
    );
  }
  const [plain, withLibraries] = [
    join(folder, 'chromium'),
    join(folder, 'chromium-with-libraries'),
  ];
  return { name: `npm @sparticuz/chromium ${about.version}`, plain, withLibraries };
}

/** @param {string} root @param {string} folder gets its name only when complete */
async function unpackOnce(root, folder) {
  if (existsSync(folder)) return;
  const parent = join(folder, '..');
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith('unfinished-')) await rm(join(parent, name), { recursive: true });
  }
  const temporary = await mkdtemp(join(parent, 'unfinished-'));
  try {
    await step('browser: unpacking Chromium', '2 s', () => unpack(root, temporary));
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @param {string} root @param {string} folder */
async function unpack(root, folder) {
  // The package unpacks its system libraries only where it believes to be on that cloud image.
  const env = { ...process.env, TMPDIR: folder, CODEBUILD_BUILD_IMAGE: 'nodejs20' };
  const args = ['--input-type=module', '-e', UNPACK];
  const result = await run(process.execPath, args, { cwd: root, env, timeoutMs: 120_000 });
  if (!result.ok || !existsSync(join(folder, 'chromium'))) {
    throw new Error(`@sparticuz/chromium cannot be unpacked: ${lastLine(result)}`);
  }
  await writeFile(join(folder, 'chromium-with-libraries'), WITH_LIBRARIES, { mode: 0o755 });
}

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { buildDist, isBuilt } from './build.mjs';
import { areInstalled, installDependencies } from './dependencies.mjs';
import { doctor } from './doctor.mjs';
import { fetchLibraries, prepareEngine } from './engine.mjs';
import { rememberedEngine } from './engine-probe.mjs';
import { withLock } from './lock.mjs';
import { allOf, stepsTaken } from './step.mjs';

/** Installs what is missing and prints when each step begins and ends; where nothing is missing, it
 *  prints nothing. What was changed ends in the doctor's table. A missing engine or browser is a warning:
 *  reports can be built without, slower or as HTML only.
 *  @param {{root: string, cache: string}} where @returns {Promise<void>} throws with one line */
export async function setUp({ root, cache }) {
  const browser = async () => warn('browser', await findBrowser({ root, cache }));
  const engine = async () => {
    if (wantsEngine()) warn('engine', await prepareEngine({ root, cache }));
  };
  // Where nothing is missing nothing is locked: a full disk of the cache harms no build.
  if (await isReady(root)) {
    await browser();
  } else {
    const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
    await withLock(
      join(cache, 'locks', checkout),
      async () => {
        if (!(await areInstalled(root))) {
          const libraries = wantsEngine() ? fetchLibraries(cache) : Promise.resolve();
          await allOf(installDependencies(root), libraries);
        }
        await allOf(engine(), buildDist(root), browser());
      },
      (owner) => process.stderr.write(`waiting for the set-up of process ${owner}\n`),
    );
  }
  if (stepsTaken() === 0) return;
  await doctor({ root, cache }, (text) => void process.stderr.write(`\n${text}\n`));
}

/** @param {string} root @returns {Promise<boolean>} in some 20 milliseconds */
async function isReady(root) {
  if (!(await areInstalled(root)) || !isBuilt(root)) return false;
  return !wantsEngine() || (await rememberedEngine(root)) !== null;
}

const wantsEngine = () => process.env.MARGINALIA_ENGINE !== 'cpu';

/** @param {string} what @param {object} finding */
function warn(what, finding) {
  if ('missing' in finding) process.stderr.write(`warning: no ${what}: ${finding.missing}\n`);
}

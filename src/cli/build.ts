/** `marginalia build`: turns the words of the command line into a request, and outcomes into words. */

import { availableParallelism } from 'node:os';
import { UserError } from '../errors.js';
import { build } from '../press/report/build.js';
import { PROFILES } from '../press/report/config.js';
import type { BuildEffects } from '../press/report/effects.js';
import type { BuildRequest } from '../press/report/request.js';
import type { Format } from '../press/report/shelf.js';
import { describe } from './describe.js';
import { type Interruption, interruptible } from './interruption.js';
import { parseOptions } from './options.js';
import { packageFolder } from './package-folder.js';
import type { SetupEffects } from './setup-effects.js';
import { runTasks } from './tasks.js';

const FORMATS: readonly Format[] = ['html', 'pdf'];
/** The options of `build`, as `parseArgs` wants them. */
export const OPTIONS = {
  to: { type: 'string', default: 'html,pdf' },
  profile: { type: 'string', default: 'quick' },
  'no-execute': { type: 'boolean', default: false },
  out: { type: 'string', default: 'reports' },
  jobs: { type: 'string' },
  timeout: { type: 'string' },
  debug: { type: 'boolean', default: false },
} as const;
/** A kernel keeps little more than one core busy, and needs up to 3 GB of memory. */
const DEFAULT_JOBS = Math.min(2, availableParallelism());
/** The longest time that a timer of Node can wait. */
const LONGEST_SECONDS = 2_147_483;
const SEE_HELP = 'marginalia --help lists the options.';

/** Exit code 0 when every notebook was printed, 1 when one failed, the signal's when one came. */
export async function buildCommand(args: readonly string[], setup: SetupEffects): Promise<number> {
  const { request, debug } = parseBuild(args);
  return interruptible(async (interruption) => {
    const failures = await build(request, effectsOf(setup, interruption));
    for (const failure of failures) process.stderr.write(`error: ${describe(failure, debug)}\n`);
    return failures.length === 0 ? 0 : 1;
  });
}

function effectsOf(setup: SetupEffects, interruption: Interruption): BuildEffects {
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  return {
    now: () => new Date(),
    findBrowser: () => setup.findBrowser(),
    runTasks,
    lock: (path, work) =>
      setup.withLock(path, work, (owner) => warn(`waiting for the build of process ${owner}`)),
    warn,
    cacheFolder: setup.cacheFolder,
    packageFolder,
    finish: interruption.finish,
    signal: interruption.stop,
  };
}

function parseBuild(args: readonly string[]): { request: BuildRequest; debug: boolean } {
  const { values, positionals } = parseOptions('build', OPTIONS, args);
  return {
    request: {
      bookFolder: 'notebooks',
      notebooks: positionals,
      formats: values.to.split(',').map((format) => oneOf(FORMATS, format.trim(), '--to')),
      profile: oneOf(PROFILES, values.profile, '--profile'),
      execute: !values['no-execute'],
      out: values.out,
      jobs: values.jobs === undefined ? DEFAULT_JOBS : jobs(values.jobs),
      ...(values.timeout === undefined ? {} : { cellTimeoutSeconds: seconds(values.timeout) }),
    },
    debug: values.debug,
  };
}

function jobs(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UserError(`expected --jobs with a whole number from 1, got ${text}`, {
    hint: SEE_HELP,
  });
}

function seconds(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= LONGEST_SECONDS) return number;
  const expected = `expected --timeout with seconds up to ${LONGEST_SECONDS}`;
  throw new UserError(`${expected}, got ${text}`, { hint: SEE_HELP });
}

function oneOf<T extends string>(allowed: readonly T[], got: string, option: string): T {
  const found = allowed.find((name) => name === got);
  if (found !== undefined) return found;
  const others = allowed.slice(0, -1).join(', ');
  throw new UserError(`expected ${option} ${others} or ${allowed.at(-1)}, got ${got}`, {
    hint: SEE_HELP,
  });
}

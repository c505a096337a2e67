/** `marginalia build`: turns the words of the command line into a request, and outcomes into words. */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UserError } from '../errors.js';
import { build } from '../press/report/build.js';
import { PROFILES } from '../press/report/config.js';
import type { BuildRequest } from '../press/report/request.js';
import type { Format } from '../press/report/shelf.js';
import { describe } from './describe.js';
import type { SetupEffects } from './setup-effects.js';
import { runTasks } from './tasks.js';

const FORMATS: readonly Format[] = ['html', 'pdf'];
const SEE_HELP = 'marginalia --help lists the options.';

/** Exit code 0 when every notebook was printed, 1 when one failed. */
export async function buildCommand(args: readonly string[], setup: SetupEffects): Promise<number> {
  const { request, debug } = parseBuild(args);
  const interrupt = new AbortController();
  // Stays in place after the first signal: without a listener the live list would end the process.
  const onInterrupt = () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on('SIGINT', onInterrupt);
  const failures = await build(request, {
    now: () => new Date(),
    findBrowser: () => setup.findBrowser(),
    runTasks,
    warn: (line) => process.stderr.write(`${line}\n`),
    cacheFolder: setup.cacheFolder,
    packageFolder: fileURLToPath(new URL('../..', import.meta.url)),
    signal: interrupt.signal,
  }).finally(() => process.off('SIGINT', onInterrupt));
  for (const failure of failures) process.stderr.write(`error: ${describe(failure, debug)}\n`);
  return failures.length === 0 ? 0 : 1;
}

function parseBuild(args: readonly string[]): { request: BuildRequest; debug: boolean } {
  const { values, positionals } = parse(args);
  return {
    request: {
      bookFolder: 'notebooks',
      notebooks: positionals,
      formats: values.to.split(',').map((format) => oneOf(FORMATS, format.trim(), '--to')),
      profile: oneOf(PROFILES, values.profile, '--profile'),
      execute: !values['no-execute'],
      out: values.out,
      ...(values.timeout === undefined ? {} : { cellTimeoutSeconds: seconds(values.timeout) }),
    },
    debug: values.debug,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: { type: 'string', default: 'html,pdf' },
        profile: { type: 'string', default: 'quick' },
        'no-execute': { type: 'boolean', default: false },
        out: { type: 'string', default: 'reports' },
        timeout: { type: 'string' },
        debug: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    // What parseArgs advises after its first sentence is about arguments that look like options.
    const message = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new UserError(`expected known options, got: ${message}`, { hint: SEE_HELP, cause });
  }
}

function seconds(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UserError(`expected --timeout with a number of seconds, got ${text}`, {
    hint: SEE_HELP,
  });
}

function oneOf<T extends string>(allowed: readonly T[], got: string, option: string): T {
  const found = allowed.find((name) => name === got);
  if (found !== undefined) return found;
  throw new UserError(`expected ${option} ${allowed.join(' or ')}, got ${got}`, {
    hint: SEE_HELP,
  });
}

/** The command line: parse, load the command that was asked for, and the one catch of the program. */

import { UserError } from '../errors.js';
import { describe } from './describe.js';
import { HELP } from './help.js';
import type { SetupEffects } from './setup-effects.js';

/** Runs one command; resolves to the exit code: 0 done, 1 not done for a reason that the reader can
 *  mend, 70 a defect of the program. */
export async function main(argv: readonly string[], setup: SetupEffects): Promise<number> {
  const [command, ...rest] = argv;
  try {
    if (asksForHelp(argv)) {
      process.stdout.write(HELP);
      return 0;
    }
    switch (command) {
      case 'build': {
        const { buildCommand } = await import('./build.js');
        return await buildCommand(rest, setup);
      }
      case 'check': {
        const { checkCommand } = await import('./check.js');
        return await checkCommand(rest, setup);
      }
      case 'doctor':
        return await setup.doctor();
      default:
        throw new UserError(
          `expected build, check, setup or doctor, got ${command ?? 'no command'}`,
          {
            hint: 'marginalia --help lists the commands.',
          },
        );
    }
  } catch (error) {
    process.stderr.write(`marginalia: ${describe(error, argv.includes('--debug'))}\n`);
    return error instanceof UserError ? 1 : 70;
  }
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv[0] === 'help' || argv.includes('--help') || argv.includes('-h');
}

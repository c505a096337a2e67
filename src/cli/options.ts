import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '../errors.js';

type Options = NonNullable<ParseArgsConfig['options']>;
interface Config<T extends Options> {
  args: string[];
  allowPositionals: true;
  options: T;
}

/** The options and the other words of a command. Throws UserError, with the options there are. */
export function parseOptions<const T extends Options>(
  command: string,
  options: T,
  args: readonly string[],
): ReturnType<typeof parseArgs<Config<T>>> {
  try {
    return parseArgs<Config<T>>({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    // What parseArgs advises after its first sentence is about arguments that look like options.
    const message = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new UserError(`expected known options, got: ${message}`, {
      hint: `The options of ${command} are ${names.join(', ')}.`,
      cause,
    });
  }
}

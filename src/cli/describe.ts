import { UserError } from '../errors.js';

/** One line for an error that a person can mend; a stack only for a defect, or with --debug. */
export function describe(error: unknown, debug: boolean): string {
  if (error instanceof UserError)
    return debug ? `${error.format()}\n${error.stack}` : error.format();
  if (!(error instanceof Error)) return String(error);
  if (debug) return error.stack ?? error.message;
  return `${error.message}. This is a defect of marginalia; --debug shows where.`;
}

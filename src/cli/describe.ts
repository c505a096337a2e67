import { UserError } from '../errors.js';

/** One line for an error that a person can mend; a stack only for a defect, or with --debug. */
export function describe(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UserError) {
    // A cell may throw a message of several lines.
    const line = error.format().replace(/\s*\n\s*/g, ' ');
    return debug ? `${line}\n${error.stack}` : line;
  }
  if (debug) return error.stack ?? error.message;
  return `${error.message}. This is a defect of marginalia; --debug shows where.`;
}

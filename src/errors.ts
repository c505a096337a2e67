/** The two ways in which marginalia reports trouble.
 *
 *  A `Problem` is a value: a mistake in a notebook or a ledger that is collected while the work goes
 *  on. A `UserError` is thrown when the work cannot go on. Both say where, and what to do. */

/** A place in a file that a person can go to. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  /** Cell number, counted from 1 in the notebook's order. */
  readonly cell?: number;
  /** The label of the cell, or its id where it has no label. */
  readonly label?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Problem {
  /** Name of the broken rule, as a positive sentence in kebab-case: `reference-exists`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly where: Place;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** `notebooks/01.ipynb, cell 3 (fig-growth), line 2, column 5` */
export function formatPlace(place: Place): string {
  const parts = [place.file];
  if (place.cell !== undefined) {
    parts.push(`cell ${place.cell}${place.label === undefined ? '' : ` (${place.label})`}`);
  }
  if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.column !== undefined) parts.push(`column ${place.column}`);
  return parts.join(', ');
}

/** `notebooks/01.ipynb, cell 3: unknown label @fig-x. Write one of …` on one line. */
export function formatProblem(problem: Problem): string {
  return `${formatPlace(problem.where)}: ${problem.message}. ${problem.hint}`;
}

export interface UserErrorDetails {
  readonly where?: Place;
  /** What to do about it: a full sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error that the reader can mend. `message` reads "expected …, got …", lower case, no full stop. */
export class UserError extends Error {
  readonly where: Place | undefined;
  readonly hint: string | undefined;

  constructor(message: string, details: UserErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'UserError';
    this.where = details.where;
    this.hint = details.hint;
  }

  /** One line: place, message, remedy. */
  format(): string {
    const place = this.where === undefined ? '' : `${formatPlace(this.where)}: `;
    const hint = this.hint === undefined ? '' : `. ${this.hint}`;
    return `${place}${this.message}${hint}`;
  }
}

/** The errors of one failure: an AggregateError holds several. */
export function errorsIn(failure: unknown): readonly unknown[] {
  return failure instanceof AggregateError ? failure.errors : [failure];
}

/** What a page shows of a text at most: some four printed pages. */
const MOST_LINES = 200;
const MOST_CHARACTERS = 20_000;
/** The share that is taken from the start of a long text; the rest is its end. */
const HEAD = 0.8;

/** A text that a cell wrote, for the page: of a long one the start and the end, and between them a
 *  line that says how much is left out. */
export function shortened(text: string): string {
  const lines = text.split('\n');
  const few = lines.length > MOST_LINES ? fewLines(lines) : text;
  return few.length > MOST_CHARACTERS ? fewCharacters(few) : few;
}

function fewLines(lines: readonly string[]): string {
  const head = lines.slice(0, MOST_LINES * HEAD);
  const tail = lines.slice(head.length - MOST_LINES);
  return [...head, leftOut(lines.length - MOST_LINES, 'lines'), ...tail].join('\n');
}

function fewCharacters(text: string): string {
  const head = text.slice(0, MOST_CHARACTERS * HEAD);
  const tail = text.slice(head.length - MOST_CHARACTERS);
  return `${head}\n${leftOut(text.length - MOST_CHARACTERS, 'characters')}\n${tail}`;
}

function leftOut(count: number, unit: string): string {
  return `[${count.toLocaleString('en-US')} ${unit} left out here; the notebook has them]`;
}

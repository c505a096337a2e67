import type { PublishedTraining } from '../../mime.js';
import type { CodePart } from './read-cells.js';
import { trainingLines } from './trainings.js';
import type { ColophonEntry } from './types.js';

/** The lines of the colophon: those given, then the engine and the data that cells published, then
 *  the trainings. */
export function composeColophon(
  given: readonly ColophonEntry[],
  parts: readonly CodePart[],
): ColophonEntry[] {
  const entries = [...given];
  const trainings: PublishedTraining[] = [];
  for (const reading of parts.flatMap(({ readings }) => readings)) {
    if (reading.state !== 'read') continue;
    const { published } = reading;
    if (published.kind === 'engine') {
      const { name, version, threads } = published;
      const text = `${name} ${version}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
      addOnce(entries, { name: 'Engine', text });
    } else if (published.kind === 'source') {
      const { name, detail, sha256 } = published;
      const text = sha256 === undefined ? detail : `${detail}, SHA-256 ${sha256}`;
      addOnce(entries, { name, text });
    } else if (published.kind === 'training') trainings.push(published);
  }
  return [...entries, ...trainingLines(trainings)];
}

/** Several cells may use the same data. */
function addOnce(entries: ColophonEntry[], entry: ColophonEntry): void {
  const stands = entries.some(({ name, text }) => name === entry.name && text === entry.text);
  if (!stands) entries.push(entry);
}

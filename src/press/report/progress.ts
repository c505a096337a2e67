/** What a build does, in words: `cell 3/26 train, 12 s: training mlp-240, 40 %`. */

import type { KernelEvent } from '../kernel/execute.js';
import type { Show } from './effects.js';

/** A listener that tells each cell once, and its progress in between. Seconds since the first event. */
export function tellProgress(show: Show, now: () => Date): (event: KernelEvent) => void {
  let start: number | undefined;
  let current = '';
  return (event) => {
    start ??= now().getTime();
    const elapsed = `${Math.round((now().getTime() - start) / 1000)} s`;
    if (event.type === 'cell-start') {
      current = `cell ${event.cell}/${event.of}${event.label === undefined ? '' : ` ${event.label}`}`;
      show(`${current}, ${elapsed}`);
    } else if (event.type === 'progress') {
      const { text, done, total } = event.progress;
      const percent = Math.round((100 * done) / total);
      show(`${current}, ${elapsed}: ${text}, ${percent} %`, 'passing');
    }
  };
}

const AGAIN = 'press Ctrl-C again to stop at once';

/** The same display, which from the signal on says that what runs is the last: `finishing cell 3/26
 *  train, 12 s, press Ctrl-C again to stop at once`. `over`: the task has ended. */
export function tellFinish(show: Show, finish: AbortSignal, over: AbortSignal): Show {
  let latest = 'this step';
  const tell = () => show(`finishing ${latest}, ${AGAIN}`);
  finish.addEventListener('abort', tell, { signal: over });
  return (text, passing) => {
    latest = text;
    show(finish.aborted ? `finishing ${text}, ${AGAIN}` : text, passing);
  };
}

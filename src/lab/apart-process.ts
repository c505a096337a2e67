/** The other end of `apart`: does what it is told, tells the result, and ends. */

import { runInThisContext } from 'node:vm';
import { UserError } from '../errors.js';
import { METADATA_KEY } from '../mime.js';
import type { Lab, News, Order } from './apart.js';
import { startEngine } from './engine.js';
import { redirectTo } from './publish.js';

process.once('disconnect', () => process.exit(1)); // nobody waits for the result any more
process.once('message', (order: Order) => {
  work(order).then(
    (result) => tell({ kind: 'done', result }, () => process.exit(0)),
    (error: Error) => tell({ kind: 'failed', message: error.message }, () => process.exit(1)),
  );
});

async function work({ work: source, given }: Order): Promise<unknown> {
  redirectTo((bundle) => {
    const published = bundle.metadata[METADATA_KEY];
    if (published.kind === 'progress') {
      const { text, done, total } = published;
      tell({ kind: 'progress', text, share: done / total });
    } else if (published.kind === 'training' || published.kind === 'source') {
      tell({ kind: 'published', bundle });
    } else if (published.kind !== 'engine') {
      throw new UserError(`expected work apart to show nothing, got a ${published.kind}`, {
        hint: 'Return it, and show it in the cell.',
      });
    }
  });
  await startEngine();
  const lab: Lab = { ...(await import('../attacks/index.js')), ...(await import('./index.js')) };
  return runInThisContext(`(${source})`)(lab, given);
}

function tell(news: News, then: () => void = () => {}): void {
  process.send?.(news, then);
}

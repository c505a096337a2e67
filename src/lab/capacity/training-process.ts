/** One training in a process of its own, which `robustModels` starts. Its network goes to the cache. */

import { METADATA_KEY } from '../../mime.js';
import { startEngine } from '../engine.js';
import { mnist } from '../mnist.js';
import { redirectTo } from '../publish.js';
import type { News, Order } from './robust-models.js';
import { robustModel } from './robust-training.js';

process.once('disconnect', () => process.exit(1)); // nobody waits for the network any more
process.once('message', (order: Order) => {
  train(order).then(
    () => process.exit(0),
    (error: Error) => tell({ kind: 'failed', message: error.message }, () => process.exit(1)),
  );
});

async function train({ training, digits }: Order): Promise<void> {
  redirectTo(({ metadata: { [METADATA_KEY]: published } }) => {
    if (published.kind !== 'progress') return;
    tell({ kind: 'progress', share: published.done / published.total });
  });
  await startEngine();
  const loaded = (await mnist({ train: digits.size, test: 0 })).train;
  if (loaded.key !== digits.key) {
    throw new Error(
      'expected digits as mnist({ train }) loads them, got a part or a change of them',
    );
  }
  await robustModel(training, loaded);
}

function tell(news: News, then: () => void = () => {}): void {
  process.send?.(news, then);
}

/** The texts of one notebook: its file and what lies beside it. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError } from '../../errors.js';
import type { BookItem } from './config.js';

/** The text of the notebook's file. Throws UserError when it cannot be read. */
export async function readSource(item: BookItem): Promise<string> {
  return readFile(item.path, 'utf8').catch((cause: unknown) => {
    throw new UserError('expected a notebook file, got nothing that can be read', {
      where: { file: item.shownPath },
      hint: 'Check the path.',
      cause,
    });
  });
}

/** The texts that lie beside a notebook; empty where there is none. */
export interface Beside {
  readonly ledger: string;
  readonly bibliography: string;
}

export async function readBeside(item: BookItem): Promise<Beside> {
  const read = (path: string) => (existsSync(path) ? readFile(path, 'utf8') : '');
  return { ledger: await read(item.ledgerPath), bibliography: await read(item.bibliographyPath) };
}

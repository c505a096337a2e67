/** One whole process for the bench: a notebook from file to outputs. */

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { executeNotebook } from '../dist/press/kernel/execute.js';
import { parseNotebook } from '../dist/press/notebook/parse.js';

const [path = ''] = process.argv.slice(2);
const notebook = parseNotebook(await readFile(path, 'utf8'), path);
const { failure } = await executeNotebook(notebook, { cwd: dirname(path) });
if (failure !== null) throw failure;

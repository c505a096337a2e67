/** For `node --import`: counts what a process changes on the disk. Where KILL_AT says so it ends by
 *  SIGKILL, with half of what it was about to write. Each change goes as a line to the file KILL_LIST. */

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { KILL_AT, KILL_LIST = '' } = process.env;
const { appendFileSync, openSync, writeSync } = fs;
const note = openSync(KILL_LIST, 'a');
let count = 0;

/** @param {string} name @param {unknown} path @param {() => void} [half] */
function change(name, path, half) {
  count += 1;
  writeSync(note, `${name} ${path}\n`);
  if (count !== Number(KILL_AT)) return;
  half?.();
  process.kill(process.pid, 'SIGKILL');
  for (;;); // the signal is on its way
}

/** @param {unknown} data */
function halfOf(data) {
  const bytes = Buffer.from(/** @type {string | Uint8Array} */ (data));
  return bytes.subarray(0, bytes.length / 2);
}

/** Puts `before` in front of a function of a module or prototype.
 *  @param {any} owner @param {string} name @param {(self: any, ...args: any[]) => void} before */
function precede(owner, name, before) {
  const original = owner[name];
  owner[name] = function (/** @type {any[]} */ ...args) {
    before(this, ...args);
    return Reflect.apply(original, this, args);
  };
}

const CHANGES = [
  'mkdir',
  'mkdtemp',
  'rename',
  'link',
  'symlink',
  'copyFile',
  'rm',
  'rmdir',
  'unlink',
];
for (const name of CHANGES) {
  for (const owner of [fs.promises, fs]) precede(owner, name, (_, path) => change(name, path));
  precede(fs, `${name}Sync`, (_, path) => change(name, path));
}
for (const name of ['writeFile', 'appendFile']) {
  for (const [owner, suffix] of /** @type {const} */ ([
    [fs.promises, ''],
    [fs, ''],
    [fs, 'Sync'],
  ])) {
    precede(owner, name + suffix, (_, path, data) =>
      change(name, path, () => appendFileSync(path, halfOf(data))),
    );
  }
}
const handle = await fs.promises.open(KILL_LIST);
precede(Object.getPrototypeOf(handle), 'writeFile', ({ fd }, data) =>
  change('write', fs.readlinkSync(`/proc/self/fd/${fd}`), () => writeSync(fd, halfOf(data))),
);
await handle.close();
precede(fs.promises, 'open', (_, path, flags = 'r') => {
  if (/[wa]/.test(flags)) change('open', path);
});
syncBuiltinESMExports();

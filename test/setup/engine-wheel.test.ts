import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { libraryFolder, TENSORFLOW_WHEEL } from '../../setup/engine-wheel.mjs';
import { fileHash } from '../../setup/file-hash.mjs';
import { temporaryFolder } from './temporary-folder.js';

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;

const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    for name in ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'unwanted.py',
                 'include/tensorflow/c/c_api.h'):
        wheel.writestr('tensorflow/' + name, name * 1000)
    info = 'tensorflow_cpu-2.18.1.dist-info/'
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: tensorflow-cpu\\nVersion: 2.18.1\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nTag: cp311-cp311-manylinux2014_x86_64\\n')
    wheel.writestr(info + 'RECORD', '')
`;

/** A small wheel of the right name in a folder that pip takes as its only source. */
async function shelf() {
  const folder = temporaryFolder();
  const path = join(folder, TENSORFLOW_WHEEL.file);
  spawnSync('python3', ['-c', MAKE_WHEEL, path]);
  const { PIP_FIND_LINKS, PIP_NO_INDEX } = process.env;
  process.env.PIP_FIND_LINKS = folder;
  process.env.PIP_NO_INDEX = '1';
  onTestFinished(() => {
    restore('PIP_FIND_LINKS', PIP_FIND_LINKS);
    restore('PIP_NO_INDEX', PIP_NO_INDEX);
  });
  return { path, wheel: { ...TENSORFLOW_WHEEL, sha256: await fileHash(path) } };
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

describe.skipIf(!hasPip)('libraryFolder (needs python3 with pip)', () => {
  it('unpacks libraries, headers and links, and then needs pip no more', async () => {
    const { path, wheel } = await shelf();
    const cache = temporaryFolder();
    const folder = await libraryFolder(cache, wheel);
    expect(readdirSync(folder).sort()).toEqual(['include', 'lib']);
    expect(readFileSync(join(folder, 'lib/libtensorflow.so.2'), 'utf8')).toMatch(/_cc/);
    expect(readFileSync(join(folder, 'lib/libtensorflow_framework.so'), 'utf8')).toMatch(/_frame/);
    expect(readFileSync(join(folder, 'include/tensorflow/c/c_api.h'), 'utf8')).toMatch(/c_api/);
    writeFileSync(path, 'gone');
    await expect(libraryFolder(cache, wheel)).resolves.toBe(folder);
  });

  it('uses nothing of a broken download, and starts again', async () => {
    const { path, wheel } = await shelf();
    const cache = temporaryFolder();
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    await expect(libraryFolder(cache, wheel)).rejects.toThrow(/pip cannot get TensorFlow/);
    expect(readdirSync(join(cache, 'engine'))).toEqual([]);
    writeFileSync(path, whole);
    await expect(libraryFolder(cache, wheel)).resolves.toContain('tensorflow-2.18.1');
  });

  it('refuses a whole wheel that is not the pinned one', async () => {
    const { wheel } = await shelf();
    const cache = temporaryFolder();
    const other = { ...wheel, sha256: TENSORFLOW_WHEEL.sha256 };
    await expect(libraryFolder(cache, other)).rejects.toThrow();
    expect(readdirSync(join(cache, 'engine'))).toEqual([]);
  });

  it('throws away what a set-up left that was killed half-way', async () => {
    const { path, wheel } = await shelf();
    const cache = temporaryFolder();
    const unfinished = join(cache, 'engine', 'unfinished-abc');
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, wheel.file), readFileSync(path).subarray(0, 100));
    const folder = await libraryFolder(cache, wheel);
    expect(readdirSync(join(cache, 'engine')).map((name) => join(cache, 'engine', name))).toEqual([
      folder,
    ]);
  });
});

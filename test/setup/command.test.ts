import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

describe('bin/marginalia.mjs', () => {
  it('prints its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(node('bin/marginalia.mjs', '--version').stdout).toBe(`${version}\n`);
  });
});

describe('requireNode', () => {
  const run = (version: string) =>
    node(
      '-e',
      `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });
       import('./setup/node-version.mjs').then(({ requireNode }) => requireNode());`,
    );

  it.each(['18.20.4', '20.18.9'])('refuses Node %s in one sentence', (version) => {
    const { status, stderr } = run(version);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^marginalia: expected Node 20\.19 or newer, got .*\n$/);
  });

  it.each(['20.19.0', '22.1.0', '24.0.0'])('takes Node %s', (version) => {
    expect(run(version).status).toBe(0);
  });
});

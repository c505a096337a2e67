import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countTests } from '../../setup/gates.mjs';
import { temporaryFolder } from './temporary-folder.js';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('countTests', () => {
  it('counts tests, and skipped ones not', () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 1,
      testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'skipped')],
    };
    expect(countTests(report, false)).toEqual({ passed: 2, failed: 1 });
  });

  it('counts a file that cannot be loaded as one failure', () => {
    const testResults = [file('failed'), file('failed', 'failed', 'passed')];
    const report = { numPassedTests: 1, numFailedTests: 1, testResults };
    expect(countTests(report, false)).toEqual({ passed: 1, failed: 2 });
  });

  it('counts a run that fails without a test to blame, or without a report', () => {
    expect(countTests({ numPassedTests: 2 }, false)).toEqual({ passed: 2, failed: 1 });
    expect(countTests(null, false)).toEqual({ passed: 0, failed: 1 });
  });
});

/** Runs `.ci/run` with a program in npm's place that prints this and ends so. */
function ci(output: string, code: number) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\nprintf '${output}'\nexit ${code}\n`, {
    mode: 0o755,
  });
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { status, stdout } = spawnSync('.ci/run', { env, encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('.ci/run', () => {
  const cases: [title: string, output: string, code: number, status: number, last: string][] = [
    ['all is well', '5 passed, 0 failed\\n', 0, 0, '5 passed, 0 failed'],
    ['a test fails', '4 passed, 1 failed\\nnpm error\\n', 1, 1, '4 passed, 1 failed'],
    ['the set-up fails', 'no network\\n', 1, 1, '0 passed, 1 failed'],
    ['nothing was counted', 'done\\n', 0, 1, '0 passed, 1 failed'],
  ];
  it.each(cases)('ends with the count when %s', (_, output, code, status, last) => {
    expect(ci(output, code)).toEqual({ status, last });
  });
});

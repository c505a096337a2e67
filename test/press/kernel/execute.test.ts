/** Notebooks on the real kernel: what a cell gives, and what it takes to fail. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPlace } from '../../../src/errors.js';
import {
  type ExecuteOptions,
  type Execution,
  executeNotebook,
} from '../../../src/press/kernel/execute.js';
import type { CodeCell, Output } from '../../../src/press/notebook/types.js';
import { isAlive } from '../../is-alive.js';
import { type CellSketch, notebookOf } from './notebook-of.js';

let cwd: string;
/** A folder for temporary files of its own, to see what is left in it. */
let temporary: string;
const usual = process.env.TMPDIR;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cwd-'));
  temporary = mkdtempSync(join(tmpdir(), 'tmp-'));
  process.env.TMPDIR = temporary;
});
afterAll(() => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  for (const folder of [cwd, temporary]) rmSync(folder, { recursive: true });
});

const tslab = createRequire(import.meta.url).resolve('tslab/dist/jupyter.js');

const run = (cells: readonly CellSketch[], options: Partial<ExecuteOptions> = {}) =>
  executeNotebook(notebookOf(...cells), { cwd, ...options });

const outputsOf = ({ notebook }: Execution): (readonly Output[])[] =>
  notebook.cells.map((cell) => (cell as CodeCell).outputs);

const stdout = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const stderr = (text: string): Output => ({ output_type: 'stream', name: 'stderr', text });

/** `lesson.ipynb, cell 2 (label), line 3: message`. */
function told({ failure }: Execution): string {
  if (failure?.where === undefined) return 'no failure';
  return `${formatPlace(failure.where)}: ${failure.message}`;
}

describe.concurrent('a good run', () => {
  test('keeps streams, values, counts and times', async () => {
    const execution = await run([
      'const a: number = 2;',
      'console.log("one"); console.error("two"); console.log("three"); console.log("four");\na * 21',
      'let a: string = "again"; a.length',
      '// nothing runs here',
    ]);
    expect(execution.failure).toBeNull();
    expect(outputsOf(execution)).toEqual([
      [],
      [stdout('one\n'), stderr('two\n'), stdout('three\nfour\n42\n')],
      [stdout('5\n')],
      [],
    ]);
    const [first, second] = execution.notebook.cells as CodeCell[];
    expect([first?.execution_count, second?.execution_count]).toEqual([1, 2]);
    const { execution: times = {} } = second?.metadata ?? {};
    const busy = Date.parse(times['iopub.status.busy'] ?? '');
    expect(Date.parse(times['iopub.status.idle'] ?? '')).toBeGreaterThanOrEqual(busy);
  });

  test('keeps a bundle whole, updates what is shown, and saves no progress', async () => {
    const bundle = (data: object, metadata: object) =>
      `require(${JSON.stringify(tslab)}).lastWriteDisplayData(${JSON.stringify({ data, metadata })});`;
    const progress = { kind: 'progress', text: 'training', done: 3, total: 10 };
    const events: unknown[] = [];
    const execution = await run(
      [
        `declare const require: any;\n${bundle({ 'text/plain': 'x', 'application/json': { a: [1] } }, { marginalia: { kind: 'value' } })}`,
        `declare const require: any;\n//\n${bundle({ 'text/plain': '3/10' }, { marginalia: progress })}`,
        'import * as tslab from "tslab"; const slot = tslab.newDisplay(); slot.html("<b>old</b>");',
        '//| label: update\nslot.html("<b>new</b>")',
      ],
      { onEvent: (event) => events.push(event) },
    );
    expect(execution.failure).toBeNull();
    const display = (data: object, metadata: object = {}) => [
      { output_type: 'display_data', data, metadata },
    ];
    expect(outputsOf(execution)).toEqual([
      display(
        { 'text/plain': 'x', 'application/json': { a: [1] } },
        { marginalia: { kind: 'value' } },
      ),
      [],
      display({ 'text/html': '<b>new</b>' }),
      [],
    ]);
    expect(events).toContainEqual({ type: 'progress', progress });
    expect(events).toContainEqual({ type: 'cell-start', cell: 4, of: 4, label: 'update' });
    expect(events.at(-1)).toEqual({ type: 'cell-end', cell: 4, seconds: expect.any(Number) });
  });

  test('loses nothing of a flood, and cuts it at 10 MB', async () => {
    const lines = 'for (let i = 0; i < 30000; i++) console.log(i)';
    const much = 'for (let i = 0; i < 40; i++) console.log("x".repeat(400_000))';
    const [first = [], second = []] = outputsOf(await run([lines, much]));
    expect(first).toEqual([stdout(Array.from({ length: 30000 }, (_, i) => `${i}\n`).join(''))]);
    expect(second.at(-1)).toMatchObject({
      name: 'stdout',
      text: expect.stringMatching(/10 MB: the rest is cut\]\n$/),
    });
    expect(JSON.stringify(second).length).toBeLessThan(11_000_000);
  });

  test('prints plain text: no colours, no overwritten lines', async () => {
    const code = 'process.stdout.write("10 %\\r20 %\\rdone\\n\\u001b[31mred\\u001b[0m\\n")';
    const [outputs] = outputsOf(await run([`${code};\nnull`]));
    expect(outputs).toEqual([stdout('done\nred\n')]);
  });
});

describe.concurrent('a failing cell', () => {
  test('that throws is told with name, message and line, and stops the run', async () => {
    const execution = await run([
      'console.log("fine")',
      [
        '//| label: tbl-broken',
        '',
        'interface Point { x: number }',
        '',
        'function check(point: Point): void {',
        '  throw new RangeError("too far");',
        '}',
        'console.log("before");',
        '',
        'check({ x: 1 });',
      ].join('\n'),
      'console.log("never")',
    ]);
    expect(told(execution)).toBe('lesson.ipynb, cell 2 (tbl-broken), line 10: RangeError: too far');
    const [first, second, third] = outputsOf(execution);
    expect(first).toEqual([stdout('fine\n')]);
    expect(second).toEqual([
      stdout('before\n'),
      {
        output_type: 'error',
        ename: 'RangeError',
        evalue: 'too far',
        traceback: [
          'RangeError: too far',
          expect.stringContaining('at check'),
          ...Array(2).fill(expect.stringContaining('evalmachine')),
        ],
      },
    ]);
    expect(third).toEqual([]);
  });

  test.each([
    [
      'after an await',
      'await null;\n\nconst none: any = null;\nnone.size',
      "line 4: TypeError: Cannot read properties of null (reading 'size')",
    ],
    [
      'behind an import of types',
      'import { Stats } from "fs";\nimport * as fs from "fs";\n\nlet s: Stats;\nfs.readFileSync("nowhere")',
      "line 5: Error: ENOENT: no such file or directory, open 'nowhere'",
    ],
    ['with several lines', '\nthrow new Error("one\\ntwo")', 'line 2: Error: one two'],
    ['without a message', 'throw new Error()', 'line 1: Error: '],
    ['that is no error', 'throw "plain"', 'Thrown: plain'],
    [
      'from a parser',
      'const x = 1;\nJSON.parse("{")',
      "line 2: SyntaxError: Expected property name or '}' in JSON at position 1",
    ],
    [
      'of its own class',
      'class Odd extends Error { name = "Odd" }\nthrow new Odd("hm")',
      'line 2: Odd: hm',
    ],
  ])('%s', async (_, code, expected) => {
    expect(told(await run([code]))).toContain(expected);
  });

  test('keeps the remedy that the error carries', async () => {
    const code =
      'throw Object.assign(new Error("expected logits"), { hint: "Take the model\'s logits." })';
    const { failure } = await run([code]);
    expect(failure?.hint).toBe("Take the model's logits.");
  });

  test('with a type error is told with line and column, and nothing of it runs', async () => {
    const execution = await run([
      '//| label: types\nconsole.log("x");\nconst n: number = "a"; other',
    ]);
    expect(execution.failure?.where).toEqual({
      file: 'lesson.ipynb',
      cell: 1,
      label: 'types',
      line: 3,
      column: 7,
    });
    expect(execution.failure?.message).toBe(
      "TypeScriptError: Type 'string' is not assignable to type 'number'.",
    );
    const [outputs] = outputsOf(execution);
    expect(outputs).toEqual([expect.objectContaining({ output_type: 'error' })]);
    expect(outputs?.[0]).toMatchObject({
      traceback: [expect.stringMatching(/^2:7 - /), expect.stringMatching(/^2:24 - /)],
    });
  });

  test.each([
    [
      'rejection',
      'console.log("a");\nPromise.reject(new RangeError("lost")); null',
      'line 2: RangeError: lost',
    ],
    [
      'exception',
      'setTimeout(() => { throw new RangeError("lost") }, 0); await new Promise(r => setTimeout(r, 30)); null',
      'RangeError: lost',
    ],
  ])('leaves a %s that nobody catches', async (_, code, expected) => {
    const execution = await run([code, '1']);
    expect(told(execution)).toContain(expected);
    expect(outputsOf(execution)[1]).toEqual([]);
  });

  test('leaves a rejection that comes to light in a later cell', async () => {
    const execution = await run([
      'let open: () => void; const gate = new Promise<void>((resolve) => { open = resolve; });\n' +
        'gate.then(() => { throw new RangeError("late") }); null',
      'open(); await new Promise(r => setTimeout(r, 200)); null',
      '1',
    ]);
    expect(told(execution)).toContain('cell 2 (cell-2): RangeError: late');
    expect(execution.failure?.hint).toContain('or of an earlier one');
  });

  test('leaves a rejection of an earlier cell: no line of the wrong cell is named', async () => {
    const execution = await run([
      'const next = { isHere: false };\nconst wait = (ms: number) => new Promise((done) => setTimeout(done, ms));\n(async () => {\n  while (!next.isHere) await wait(10);\n  throw new RangeError("late");\n})(); null',
      'next.isHere = true; await wait(300); null',
    ]);
    expect(told(execution)).toBe('lesson.ipynb, cell 2 (cell-2): RangeError: late');
  });

  test('may fail where its tag says so, and the next cell runs', async () => {
    const execution = await run([
      { code: 'throw new Error("as announced")', tags: ['raises-exception'] },
      'console.log("after")',
    ]);
    expect(execution.failure).toBeNull();
    expect(outputsOf(execution)).toEqual([
      [expect.objectContaining({ output_type: 'error', evalue: 'as announced' })],
      [stdout('after\n')],
    ]);
  });
});

describe.concurrent('a cell that does not end well', () => {
  test.each([
    ['a busy loop', 'console.log("in");\nwhile (true) {}'],
    ['a wait', 'console.log("in");\nawait new Promise(() => setInterval(() => 0, 1000))'],
    ['a busy loop after a wait', 'console.log("in");\nawait null; while (true) {}'],
  ])('%s ends at the time limit', async (_, code) => {
    const execution = await run([code, '1'], { cellTimeoutSeconds: 1 });
    expect(told(execution)).toContain(
      'cell 1 (cell-1): Timeout: expected the cell to end within 1 s',
    );
    expect(outputsOf(execution)[0]).toEqual([
      stdout('in\n'),
      expect.objectContaining({ output_type: 'error', ename: 'Timeout' }),
    ]);
    expect(execution.seconds).toBeLessThan(20);
  });

  test('one that reports progress goes on after the limit', async () => {
    const report = {
      data: {},
      metadata: { marginalia: { kind: 'progress', text: 'training', done: 1, total: 2 } },
    };
    const code = `declare const require: any;
      for (let i = 0; i < 12; i++) {
        require(${JSON.stringify(tslab)}).lastWriteDisplayData(${JSON.stringify(report)});
        await new Promise((done) => setTimeout(done, 300));
      }
      console.log('whole');`;
    const execution = await run([code], { cellTimeoutSeconds: 2 });
    expect(told(execution)).toBe('no failure');
    expect(outputsOf(execution)).toEqual([[stdout('whole\n')]]);
    expect(execution.seconds).toBeGreaterThan(2);
  });

  test('one that ends the process is told', async () => {
    const execution = await run([
      'console.log("bye"); await new Promise(r => setTimeout(r, 50)); process.exit(3)',
      '1',
    ]);
    expect(told(execution)).toContain('KernelEnded: the kernel ended with exit code 3');
    expect(execution.failure?.hint).toContain('process.exit');
    expect(outputsOf(execution)[0]?.[0]).toEqual(stdout('bye\n'));
  });

  test('one that is interrupted ends at once', async () => {
    const controller = new AbortController();
    const execution = await run(['await new Promise(() => setInterval(() => 0, 1000))'], {
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'cell-start') setTimeout(() => controller.abort(), 100);
      },
    });
    expect(told(execution)).toContain('Interrupted');
    expect(execution.failure?.hint).toBe('Build again to run the cell.');
  });

  test('one is finished, and no other begins, after the signal to finish', async () => {
    const controller = new AbortController();
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 300)); console.log("whole")';
    const execution = await run(['1', slow, '3'], {
      finish: controller.signal,
      onEvent: (event) => {
        if (event.type === 'cell-start' && event.cell === 2) controller.abort();
      },
    });
    expect(execution).toMatchObject({ failure: null, ran: 2, of: 3 });
    expect(outputsOf(execution)).toEqual([[stdout('1\n')], [stdout('whole\n')], []]);
  });

  test('nothing starts when the run is interrupted before', async () => {
    await expect(run(['1'], { signal: AbortSignal.abort() })).rejects.toThrow('interrupted');
  });
});

describe.concurrent('what the run is given', () => {
  test('parameters replace what their cell declares', async () => {
    const parameters: CellSketch = {
      code: 'const steps: number = 100;\nconst profile: "smoke" | "quick" = "quick";\nlet seeds = [1, 2];',
      tags: ['parameters'],
    };
    const execution = await run(
      [parameters, 'console.log(steps + 1, profile === "quick", seeds)', 'throw new Error("x")'],
      { parameters: { steps: 3, profile: 'smoke', seeds: [] } },
    );
    expect(execution.notebook.cells.map(({ id }) => id)).toEqual([
      'cell-1',
      'injected-parameters',
      'cell-2',
      'cell-3',
    ]);
    expect(outputsOf(execution)[2]).toEqual([stdout('4 false []\n')]);
    expect(told(execution)).toContain('cell 3 (cell-3)');
  });

  test('a parameter that is not declared is refused, with those that are', async () => {
    const cell: CellSketch = {
      code: 'const steps = 1, { a, b: [c] } = { a: 1, b: [2] };',
      tags: ['parameters'],
    };
    const refused = run(['1', cell], { parameters: { step: 3 } });
    await expect(refused).rejects.toMatchObject({
      message: 'expected a declared parameter, got step',
      where: { file: 'lesson.ipynb', cell: 2 },
      hint: 'The parameters cell declares steps, a, c.',
    });
  });

  test('a skipped cell stays as it is', async () => {
    const execution = await run([{ code: 'throw 1', tags: ['skip-execution'] }, '2']);
    expect(execution.failure).toBeNull();
    expect(outputsOf(execution)).toEqual([[], [stdout('2\n')]]);
  });

  test('the kernel works in the given folder, with the given variables', async () => {
    const execution = await run(['console.log(process.cwd(), process.env.LESSON)'], {
      env: { LESSON: '7' },
    });
    expect(outputsOf(execution)[0]).toEqual([stdout(`${cwd} 7\n`)]);
  });

  test('files that cells import may be written again while they run', async () => {
    const folder = mkdtempSync(join(cwd, 'changing-'));
    for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}.ts`), 'export const n = 1;');
    const code = `
      import { rmSync, writeFileSync } from "fs";
      for (let i = 0; i < 5; i++) {
        for (const name of ["a", "b"]) {
          rmSync(name + ".ts");
          writeFileSync(name + ".ts", "export const n = 1; // " + i);
        }
        await new Promise((done) => setTimeout(done, 60));
      }`;
    const cells = ['import { n } from "./a"; import * as b from "./b"; n + b.n', code, 'n + 1'];
    const execution = await run(cells, { cwd: folder });
    expect(told(execution)).toBe('no failure');
    expect(outputsOf(execution)).toEqual([[stdout('2\n')], [], [stdout('2\n')]]);
  });

  test('a folder that does not exist is told', async () => {
    await expect(run(['1'], { cwd: join(cwd, 'nowhere') })).rejects.toThrow(
      /expected the kernel to start/,
    );
  });

  test('a kernel that is slow to answer, as on a busy machine, is waited for', async () => {
    const late = `
      import { createRequire } from 'node:module';
      const { Publisher } = createRequire(${JSON.stringify(tslab)})('zeromq');
      const { send } = Publisher.prototype;
      const value = async function (...args) { setTimeout(() => send.apply(this, args), 600); };
      Object.defineProperty(Publisher.prototype, 'send', { value });`;
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(late)}`;
    const options = { env: { NODE_OPTIONS }, startTimeoutSeconds: 30 };
    const execution = await run(['console.log(6 * 7)'], options);
    expect(outputsOf(execution)).toEqual([[stdout('42\n')]]);
  });

  test('a kernel whose sockets are slow to open, as on a busy machine, reads every message', async () => {
    const slow = `
      import { createRequire } from 'node:module';
      const { Router } = createRequire(${JSON.stringify(tslab)})('zeromq');
      const { bind, receive } = Router.prototype;
      const opening = new WeakSet();
      const methods = {
        async bind(address) {
          opening.add(this);
          await bind.call(this, address);
          await new Promise((done) => setTimeout(done, 500));
          opening.delete(this);
        },
        receive() {
          if (opening.has(this)) throw new Error('Socket is blocked by a bind operation');
          return receive.call(this);
        },
      };
      for (const [name, value] of Object.entries(methods))
        Object.defineProperty(Router.prototype, name, { configurable: true, value });`;
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(slow)}`;
    const options = { env: { NODE_OPTIONS }, startTimeoutSeconds: 30 };
    const execution = await run(['console.log(6 * 7)'], options);
    expect(outputsOf(execution)).toEqual([[stdout('42\n')]]);
  });

  test('a start that takes too long is told', async () => {
    await expect(run(['1'], { startTimeoutSeconds: 0.05 })).rejects.toThrow(
      'expected the kernel to start within 0.05 s',
    );
  });
});

test.skipIf(process.platform !== 'linux')(
  'the most memory that the kernel held is told',
  async () => {
    const hold = 'const held = Buffer.alloc(300_000_000, 1);\nheld.length';
    const [small, large] = [await run(['1']), await run([hold, 'null'])];
    expect(small.peakMemory).toBeGreaterThan(50_000_000);
    expect((large.peakMemory ?? 0) - (small.peakMemory ?? 0)).toBeGreaterThan(250_000_000);
  },
);

test('no process and no file is left, also of what cells start', async () => {
  const code = [
    'import { spawn } from "child_process";',
    'const sleeper = spawn("sleep", ["1000"], { stdio: "ignore" });',
    'setInterval(() => 0, 1000);',
    'console.log(process.pid, sleeper.pid)',
  ].join('\n');
  const execution = await run([code, 'throw new Error("x")']);
  const [output] = outputsOf(execution)[0] ?? [];
  const pids = output?.output_type === 'stream' ? output.text.trim().split(' ').map(Number) : [];
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

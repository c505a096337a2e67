import { afterEach, expect, test } from 'vitest';
import { type Desk, makeDesk, notebookText } from './desk.js';

let desk: Desk;

afterEach(() => desk.clear());

/** Leaves a file of its name, and waits for that of another notebook. */
const meeting = (own: string, other: string) =>
  notebookText([
    { md: `# ${own}` },
    {
      code: `import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
writeFileSync('${own}.txt', '');
for (let i = 0; i < 200 && !existsSync('${other}.txt'); i++) await setTimeout(50);
console.log('met: ' + existsSync('${other}.txt'));`,
    },
  ]);

test('the first notebook runs alone, the others at once, the cover comes last', async () => {
  desk = makeDesk();
  const first = `import { existsSync } from 'node:fs';
console.log('alone: ' + !['b', 'c'].some((name) => existsSync(name + '.txt')));`;
  desk.put('notebooks/a.ipynb', notebookText([{ md: '# A' }, { code: first }]));
  desk.put('notebooks/b.ipynb', meeting('b', 'c'));
  desk.put('notebooks/c.ipynb', meeting('c', 'b'));
  desk.book(['a.ipynb', 'b.ipynb', 'c.ipynb']);
  const { errors, done } = await desk.run({ jobs: 2 });
  expect(errors).toEqual([]);
  expect(desk.text('reports/a.html')).toContain('alone: true');
  expect(desk.text('reports/b.html')).toContain('met: true');
  expect(desk.text('reports/c.html')).toContain('met: true');
  expect(Object.keys(done).at(-1)).toBe('index');
  for (const name of ['a', 'b', 'c']) {
    expect(desk.read('reports/index.html')).toContain(`${name}.html`);
  }
});

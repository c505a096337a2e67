/** The digits on the cover: adversarial ones, and no others. */

import { afterAll, expect, test } from 'vitest';
import { makeDesk, notebookText, publish } from './desk.js';

const desk = makeDesk();
afterAll(() => desk.clear());

test('the strip of the cover has the misread images of the first grid, and no clean ones', async () => {
  const image = (below: string) => ({ png: 'AAAA', width: 1, height: 1, below });
  const misread = { ...image('read as 8'), wrong: true };
  const rows = [
    [image('clean'), misread],
    [misread, image('read as 3')],
  ];
  const code = `//| label: fig-digits\n//| fig-cap: Digits.\n//| fig-alt: Digits.\n${publish({ kind: 'grid', rows, scale: 2 })}`;
  desk.put('notebooks/digits.ipynb', notebookText([{ md: '# Digits' }, { code }]));
  desk.book(['digits.ipynb']);
  const { errors } = await desk.run({ formats: ['html'] });
  expect(errors).toEqual([]);
  const cover = desk.read('reports/index.html');
  expect(cover.match(/read as \d/g)).toEqual(['read as 8']);
});

import { expect, it } from 'vitest';
import { createMath } from '../../../src/press/render/math.js';

it('no formula covers the page', async () => {
  const math = await createMath();
  const drawn = math('\\rule{1000em}{1000em}', true).replace(/<annotation.*<\/annotation>/, '');
  const sizes = [...drawn.matchAll(/([\d.]+)em/g)];
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes.map(([, em]) => Number(em)))).toBe(20);
});

it('what cannot be read is shown as it was written', async () => {
  const math = await createMath();
  expect(math('\\nonsense{<}', false)).toMatch(
    /^<code class="missing" .*>\\nonsense\{&lt;\}<\/code>$/,
  );
});

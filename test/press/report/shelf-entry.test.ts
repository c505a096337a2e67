/** What the shelf keeps of a report for the cover. */

import { expect, test } from 'vitest';
import type { ClaimView } from '../../../src/press/document/types.js';
import { shelfEntry } from '../../../src/press/report/index-page.js';
import { sampleDocument } from '../render/sample-document.js';

const document = sampleDocument();
const full = { verdict: 'holds', here: '99.9 %', checks: [] } as const;
const [judged, , , open] = document.claims as [ClaimView, ClaimView, ClaimView, ClaimView];
const scored = (claim: ClaimView) => shelfEntry({ ...document, claims: [claim] }, 1).claims[0];

test('a claim is told in plain text', () => {
  expect(scored(judged)).toEqual({
    id: 'linear-softmax-fgsm',
    tier: 'core',
    verdict: 'holds',
    claim: expect.stringMatching(/^With ε = 0\.25 the fast gradient sign method misleads /),
    paperSays: '99.9 %, mean confidence 79.3 %',
    here: '99.6 % (99.4 to 99.7 %)',
  });
  expect(scored(open)).toMatchObject({ open: 'Needs the maxout network of notebook 02.' });
});

test.each<[string, ClaimView, string]>([
  ['agrees', { ...judged, full }, '99.6 % (99.4 to 99.7 %)'],
  [
    'judges otherwise',
    { ...judged, verdict: 'differs', full },
    '99.6 % (99.4 to 99.7 %); full run: 99.9 %, holds',
  ],
  ['alone judges', { ...open, verdict: 'holds', full }, 'full run: 99.9 %'],
])('a full run that %s', (_, claim, here) => {
  expect(scored(claim)?.here).toBe(here);
});

test('of how it was made the cover tells what the reports share', () => {
  const [engine, trainings] = [
    { name: 'Engine', text: 'TensorFlow, 2 threads' },
    { name: 'Trainings', text: '63 trainings, 110 s' },
  ];
  expect(shelfEntry({ ...document, colophon: [engine, trainings] }, 1).made).toEqual([engine]);
});

import { encode } from 'fast-png';
import type { GridImage, VegaLiteSpec } from '../../../src/mime.js';
import type {
  Block,
  ClaimView,
  Document,
  Token,
  ValueMark,
} from '../../../src/press/document/types.js';

/** A small report with every kind of block, written by hand. */

export function text(content: string): Token {
  return { type: 'text', tag: '', nesting: 0, content };
}

export function value(content: string, mark: Partial<ValueMark> = {}): Token {
  const meta = { name: 'softmax.fgsm.error', value: 0.996, cell: 'cell-train', ...mark };
  return { type: 'value', tag: '', nesting: 0, content, meta };
}

export function math(content: string): Token {
  return { type: 'math_inline', tag: '', nesting: 0, content };
}

export function equation(content: string, number: string, id: string): Token {
  return { type: 'math_block', tag: '', nesting: 0, content, block: true, meta: { id, number } };
}

export function reference(content: string, target: string): Token {
  return { type: 'reference', tag: '', nesting: 0, content, meta: { target } };
}

export function citation(content: string, ...keys: string[]): Token {
  return { type: 'citation', tag: '', nesting: 0, content, meta: { keys } };
}

export function paragraph(...children: Token[]): Token[] {
  return [
    { type: 'paragraph_open', tag: 'p', nesting: 1, block: true },
    { type: 'inline', tag: '', nesting: 0, children, block: true },
    { type: 'paragraph_close', tag: 'p', nesting: -1, block: true },
  ];
}

export function prose(...children: Token[]): Block {
  return { kind: 'prose', tokens: paragraph(...children) };
}

function wrapped(tag: string, content: string): Token[] {
  return [
    { type: `${tag}_open`, tag, nesting: 1 },
    text(content),
    { type: `${tag}_close`, tag, nesting: -1 },
  ];
}

export function heading(level: 2 | 3, number: string, id: string, title: string): Block {
  return { kind: 'heading', level, id, number, text: title, tokens: [text(title)] };
}

/** A blob on black, a digit to the eye of a test. */
export function picture(texts: Partial<GridImage> = {}, signed = false): GridImage {
  const side = 28;
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const ring = Math.exp(-(((Math.hypot(x - 14, y - 14) - 7) / 2) ** 2));
      const sign = Math.sin(x * 1.7 + y * y) > 0;
      const colour = signed ? (sign ? [213, 94, 0] : [0, 114, 178]) : [255, 255, 255];
      colour.forEach((channel, c) => {
        data[(y * side + x) * 3 + c] = signed ? channel : Math.round(ring * channel);
      });
    }
  }
  const png = encode({ width: side, height: side, data, channels: 3, depth: 8 });
  return { png: Buffer.from(png).toString('base64'), width: side, height: side, ...texts };
}

export function growthSpec(tooltip = false): VegaLiteSpec {
  const dims = [1, 10, 100, 1000, 10_000];
  const rows = (name: string, factor: number) =>
    dims.map((n) => ({ n, y: factor * n, low: factor * n * 0.8, high: factor * n * 1.25, name }));
  const x = {
    field: 'n',
    type: 'quantitative',
    scale: { type: 'log' },
    axis: {
      title: 'dimension n',
      values: dims,
      labelExpr: "datum.value == 10000 ? '10⁴' : format(datum.value, '~g')",
    },
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    scale: { type: 'log' },
    axis: {
      title: 'change of the activation',
      titleAngle: 0,
      titleAlign: 'left',
      titleAnchor: 'end',
      titleBaseline: 'bottom',
      titleX: -36,
      titleY: -10,
      values: [0.01, 1, 100],
    },
  };
  const series = (name: string, factor: number, color: string, strokeDash: number[]) => [
    {
      data: { values: rows(name, factor) },
      mark: { type: 'area', opacity: 0.18, color },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values: rows(name, factor) },
      mark: { type: 'line', color, strokeDash },
      encoding: { x, y },
    },
    {
      data: { values: rows(name, factor) },
      mark: { type: 'point', filled: true, size: 45, opacity: 1, color },
      encoding: {
        x,
        y,
        ...(tooltip ? { tooltip: [{ field: 'name' }, { field: 'y', type: 'quantitative' }] } : {}),
      },
    },
    {
      data: { values: [{ n: 10_000, y: factor * 10_000 }] },
      mark: { type: 'text', align: 'left', dx: 9, color },
      encoding: { x, y, text: { value: name } },
    },
  ];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    width: 640,
    height: 397,
    padding: { left: 5, top: 5, bottom: 5, right: 110 },
    layer: [
      ...series('sign of w', 0.01, '#D55E00', []),
      ...series('random noise', 0.0006, '#767676', [4, 3]),
    ],
  };
}

const claim: ClaimView = {
  id: 'linear-softmax-fgsm',
  claim: [
    text('With '),
    math('\\epsilon = 0.25'),
    text(
      ' the fast gradient sign method misleads a shallow softmax classifier on 99.9 % of MNIST test images.',
    ),
  ],
  tier: 'core',
  paper: { key: 'goodfellow2015', short: 'Goodfellow et al. 2015' },
  section: 'section 4',
  paperSays: '99.9 %, mean confidence 79.3 %',
  here: '99.6 % (99.4 to 99.7 %)',
  verdict: 'holds',
  checks: [
    {
      name: 'softmax.fgsm.error',
      measured: 0.996,
      op: '>=',
      than: 0.99,
      holds: true,
      text: '99.6 % ≥ 99 %',
    },
  ],
  n: 10_000,
  seeds: 3,
  box: 'claim-linear-softmax-fgsm',
};

const claims: ClaimView[] = [
  claim,
  {
    ...claim,
    id: 'linear-growth',
    claim: [
      text(
        'The change of activation grows with the dimension, the largest change of a pixel does not.',
      ),
    ],
    verdict: 'holds in part',
    paperSays: 'grows as εmn',
    here: 'slope 0.97 (0.95 to 0.99)',
    reduced: 'synthetic weights, 5 dimensions',
    slip: [text('The notes leave out ε in the sign maximiser.')],
    checks: [
      { name: 'a', measured: 1, op: '>=', than: 0, holds: true, text: 'slope 0.97 ≥ 0.95' },
      { name: 'b', measured: 1, op: '<=', than: 0, holds: false, text: 'residual 0.31 ≤ 0.1' },
    ],
    box: 'claim-linear-growth',
  },
  {
    ...claim,
    id: 'linear-confidence',
    claim: [text('The mistakes are confident: mean confidence is 79.3 %.')],
    verdict: 'differs',
    paperSays: '79.3 %',
    here: '61.2 % (60.6 to 61.8 %)',
    checks: [],
    box: 'claim-linear-confidence',
  },
  (() => {
    const { paperSays, here, box, n, seeds, ...rest } = claim;
    return {
      ...rest,
      id: 'linear-transfer',
      claim: [text('Adversarial examples carry over between models trained on disjoint halves.')],
      verdict: 'not tested here' as const,
      checks: [],
      open: 'Needs the maxout network of notebook 02.',
    };
  })(),
];

const SOURCE = `// Train a softmax regression and attack it once.
const { images, labels } = await mnist({ split: 'test', count: 10_000 });
const model = await train(softmaxReg(), { epochs: 5, learningRate: 1e-2, batch: 128, seed: 1, onEpoch: (e) => progress('epoch', e, 5) });
const xAdv = await fgsm(model, images, labels, { eps: 0.25 });
value('softmax.fgsm.error', xAdv.successRate, { n: 10_000 }); // share of images`;

function lorem(...extra: Token[]): Block {
  return prose(
    text(
      'A linear model adds up small changes. Each pixel moves by no more than ε, far below what an eye or an eight-bit camera would notice, yet the sum over 784 pixels moves the activation by ε times the L1 norm of the weights. “Small” and “harmless” part ways as the dimension grows, and ',
    ),
    ...extra,
    text(
      ' the same argument applies to networks that behave almost linearly around their inputs. None of this needs an accident of training or a strange corner of the input space.',
    ),
  );
}

export function sampleDocument(): Document {
  const blocks: Block[] = [
    heading(2, '1', 'sec-linear', 'The linear explanation'),
    lorem(
      { type: 'em_open', tag: 'em', nesting: 1 },
      text('every'),
      { type: 'em_close', tag: 'em', nesting: -1 },
      text(' image is near a boundary: on the test set '),
      value('99.6 %', { interval: [0.994, 0.997], n: 10_000, seeds: 3 }),
      text(' of them are misread '),
      citation('(Goodfellow et al., 2015, sec. 4)', 'goodfellow2015'),
      text('. As '),
      reference('Figure 1', 'fig-growth'),
      text(' shows,'),
      { type: 'footnote_ref', tag: '', nesting: 0, meta: { id: 0, subId: 0 } },
    ),
    {
      kind: 'prose',
      tokens: [
        ...paragraph(
          text('The worst change under a bound on every pixel is the sign of the weights: from '),
          math(
            '\\boldsymbol{w}^\\top \\tilde{\\boldsymbol{x}} = \\boldsymbol{w}^\\top \\boldsymbol{x} + \\boldsymbol{w}^\\top \\boldsymbol{\\eta}',
          ),
          text(' follows'),
        ),
        equation(
          '\\max_{\\|\\boldsymbol{\\eta}\\|_\\infty \\le \\epsilon} \\boldsymbol{w}^\\top \\boldsymbol{\\eta} = \\epsilon \\sum_{i=1}^{n} |w_i| = \\epsilon\\, m\\, n, \\qquad \\boldsymbol{\\eta} = \\epsilon \\operatorname{sign}(\\boldsymbol{w})',
          '1',
          'eq-sign',
        ),
        ...paragraph(
          text('with mean weight magnitude '),
          math('m'),
          text(', a number near 10⁻³ for the first layer; code stays in '),
          { type: 'code_inline', tag: 'code', nesting: 0, content: 'src/attacks/fgsm.ts' },
          text('.'),
        ),
      ],
    },
    {
      kind: 'code',
      id: 'cell-train',
      source: SOURCE,
      language: 'typescript',
      fold: 'fold',
      summary: 'Train softmax regression and attack the whole test set with ε = 0.25',
      seconds: 4.21,
    },
    {
      kind: 'stream',
      name: 'stdout',
      text: 'epoch 5: \u001b[32mloss 0.272\u001b[0m, accuracy 0.923\n',
    },
    {
      kind: 'figure',
      id: 'fig-growth',
      number: '1',
      caption: [
        text('The change of activation grows tenfold with every tenfold of the dimension, slope '),
        value('0.97'),
        text(
          '. Drawn is the change under ε = 0.01 for sign and for random perturbations; bands are 95 % intervals, n = 200 weight vectors, 3 seeds.',
        ),
      ],
      alt: 'Under the sign perturbation the activation grows in proportion to the dimension, 17 times more than under noise.',
      width: 'text',
      body: { type: 'vega-lite', spec: growthSpec(true) },
    },
    { kind: 'claim', claim },
    heading(3, '1.1', 'sec-digits', 'What it looks like'),
    lorem(),
    {
      kind: 'figure',
      id: 'fig-triples',
      number: '2',
      caption: [
        text(
          'A change of ±0.25 that looks like noise turns confident answers into confident mistakes. Perturbations are drawn from ',
        ),
        text('−0.25 (blue) to 0.25 (vermilion).'),
      ],
      alt: 'Two digits, both misread after the perturbation.',
      width: 'text',
      body: {
        type: 'grid',
        heads: ['clean', 'perturbation', 'adversarial'],
        signs: ['+', '='],
        scale: 5,
        rows: [
          [
            picture({ above: 'label 0', below: '0, 98.2 %' }),
            picture({ below: '±0.25' }, true),
            picture({ below: '3, 91.0 %', wrong: true }),
          ],
          [
            picture({ above: 'label 0', below: '0, 99.9 %' }),
            picture({ below: '±0.25' }, true),
            picture({ below: '2, 64.4 %', wrong: true }),
          ],
        ],
      },
    },
    {
      kind: 'table',
      id: 'tbl-errors',
      number: '1',
      caption: [
        text('Error before and after the attack. n = 10 000 test images, ε = 0.25, one step.'),
      ],
      columns: [
        { key: 'model', title: 'Model', format: { as: 'text' } },
        { key: 'parameters', title: 'Parameters', format: { as: 'integer' } },
        { key: 'clean', title: 'Clean error', format: { as: 'percent', digits: 1 } },
        { key: 'fgsm', title: 'Error under FGSM', format: { as: 'percent', digits: 1 } },
        { key: 'loss', title: 'Loss', unit: 'nats', format: { as: 'fixed', digits: 3 } },
      ],
      rows: [
        { model: 'softmax-reg', parameters: 7850, clean: 0.0771, fgsm: 0.996, loss: 7.1234 },
        { model: 'logreg-37', parameters: 785, clean: 0.0163, fgsm: 1, loss: 12.04 },
        { model: 'mlp-240', parameters: 190_810, clean: 0.0201, fgsm: 0.893, loss: -0.5 },
        { model: 'rbf-10', parameters: 7850, clean: null, fgsm: null, loss: null },
      ],
    },
    {
      kind: 'prose',
      tokens: [
        { type: 'callout_open', tag: 'aside', nesting: 1, info: 'note', block: true },
        { type: 'callout_title_open', tag: 'p', nesting: 1, info: 'note', block: true },
        { type: 'inline', tag: '', nesting: 0, children: [text('On precision')] },
        { type: 'callout_title_close', tag: 'p', nesting: -1, block: true },
        ...paragraph(text('A perturbation below 1/255 disappears when the image is stored.')),
        { type: 'callout_close', tag: 'aside', nesting: -1, block: true },
        { type: 'bullet_list_open', tag: 'ul', nesting: 1, block: true },
        { type: 'list_item_open', tag: 'li', nesting: 1, block: true },
        ...paragraph(text('In many dimensions small steps add up.')),
        { type: 'list_item_close', tag: 'li', nesting: -1, block: true },
        { type: 'list_item_open', tag: 'li', nesting: 1, block: true },
        ...paragraph(...wrapped('strong', 'Sign'), text(' perturbations use every one of them.')),
        { type: 'list_item_close', tag: 'li', nesting: -1, block: true },
        { type: 'bullet_list_close', tag: 'ul', nesting: -1, block: true },
      ],
    },
    heading(2, '2', 'sec-training', 'Training against the attack'),
    lorem(),
    lorem(),
    { kind: 'claim', claim: claims[1] as ClaimView },
    {
      kind: 'code',
      id: 'cell-shown',
      source: SOURCE,
      language: 'typescript',
      fold: 'show',
      summary: 'The same in the open',
      seconds: 74,
    },
    { kind: 'html', html: '<table><tr><th>a</th><td>1</td></tr></table>' },
    { kind: 'claim', claim: claims[2] as ClaimView },
    lorem(),
    { kind: 'claim', claim: claims[3] as ClaimView },
    { kind: 'exercise', blocks: [prose(text('How many steps does the attack need?'))] },
    {
      kind: 'solution',
      blocks: [
        prose(text('One.')),
        {
          kind: 'code',
          id: 'cell-solved',
          source: 'fgsm(model, x, y);',
          language: 'typescript',
          fold: 'none',
          summary: 'solved',
        },
      ],
    },
    {
      kind: 'prose',
      tokens: [
        { type: 'footnote_block_open', tag: '', nesting: 1 },
        { type: 'footnote_open', tag: '', nesting: 1, meta: { id: 0 } },
        { type: 'paragraph_open', tag: 'p', nesting: 1, block: true },
        {
          type: 'inline',
          tag: '',
          nesting: 0,
          children: [
            text(
              'The paper draws this for a maxout network; here the network has one hidden layer of 240 units.',
            ),
          ],
        },
        { type: 'footnote_anchor', tag: '', nesting: 0, meta: { id: 0, subId: 0 } },
        { type: 'paragraph_close', tag: 'p', nesting: -1, block: true },
        { type: 'footnote_close', tag: '', nesting: -1 },
        { type: 'footnote_block_close', tag: '', nesting: -1 },
      ],
    },
  ];
  return {
    meta: {
      slug: '01-sample',
      title: 'A linear explanation of adversarial examples',
      kicker: 'Notebook 1 · Adversarial examples',
      question:
        'Do linear models in many dimensions have adversarial examples, and how far does this carry?',
      answer: [
        text('Yes: with ε = 0.25 one signed step misleads softmax regression on '),
        value('99.6 %', { interval: [0.994, 0.997], n: 10_000, seeds: 3 }),
        text(' of the test images, and the effect grows with the dimension.'),
      ],
      highlights: [
        { tokens: [value('99.6 %'), text(' error of softmax regression under FGSM')], text: '' },
        { tokens: [value('0.97'), text(' slope of the growth with dimension, log–log')], text: '' },
        { tokens: [value('9.5 → 0.88'), text(' probability on the ten-weight example')], text: '' },
      ],
      paper: {
        key: 'goodfellow2015',
        short: 'Goodfellow et al. 2015',
        html: 'Goodfellow, I. J., Shlens, J., &#38; Szegedy, C. (2015). <i>Explaining and Harnessing Adversarial Examples</i>. ICLR. <a href="https://arxiv.org/abs/1412.6572">https://arxiv.org/abs/1412.6572</a>',
      },
      language: 'en',
      date: '2026-11-21',
      readingMinutes: 14,
      profile: 'quick',
    },
    blocks,
    claims,
    references: [
      {
        key: 'goodfellow2015',
        id: 'ref-goodfellow2015',
        short: 'Goodfellow et al. 2015',
        html: 'Goodfellow, I. J., Shlens, J., &#38; Szegedy, C. (2015). <i>Explaining and Harnessing Adversarial Examples</i>. ICLR. <a href="https://arxiv.org/abs/1412.6572">https://arxiv.org/abs/1412.6572</a>',
      },
      {
        key: 'szegedy2014',
        id: 'ref-szegedy2014',
        short: 'Szegedy et al. 2014',
        html: 'Szegedy, C., Zaremba, W., Sutskever, I., Bruna, J., Erhan, D., Goodfellow, I., &#38; Fergus, R. (2014). <i>Intriguing properties of neural networks</i>. ICLR.',
      },
    ],
    colophon: [
      { name: 'Engine', text: 'tensorflow 2.15.1, 2 threads' },
      { name: 'marginalia', text: '0.1.0' },
      {
        name: 'Data',
        text: 'MNIST, sha256 ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      { name: 'Seeds', text: '1, 2, 3' },
      { name: 'Time', text: '4 min 12 s' },
    ],
    problems: [],
  };
}

import type { Token } from './types.js';

/** The words of tokens as one plain line: for alternative texts, the contents and bookmarks. Maths
 *  becomes letters where it can: `\epsilon` is `ε`. */
export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map(textOf)
    .join('')
    .replace(/[ \n]+/g, ' ')
    .trim();
}

function textOf(token: Token): string {
  if (token.type === 'math_inline' || token.type === 'math_block') {
    return plainMaths(token.content ?? '');
  }
  if (token.children !== undefined) return token.children.map(textOf).join('');
  if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
  // Blocks are set apart by a space: the end of a paragraph, a table cell, a list item.
  if (token.block === true && token.nesting === -1) return ' ';
  return token.content ?? '';
}

const LETTERS: { readonly [command: string]: string } = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  varepsilon: 'ε',
  zeta: 'ζ',
  eta: 'η',
  theta: 'θ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  xi: 'ξ',
  pi: 'π',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  chi: 'χ',
  psi: 'ψ',
  omega: 'ω',
  Delta: 'Δ',
  Theta: 'Θ',
  Pi: 'Π',
  Sigma: 'Σ',
  infty: '∞',
  le: '≤',
  leq: '≤',
  ge: '≥',
  geq: '≥',
  ne: '≠',
  neq: '≠',
  approx: '≈',
  times: '×',
  cdot: '·',
  pm: '±',
  in: '∈',
  to: '→',
  nabla: '∇',
  partial: '∂',
  sum: 'Σ',
  top: '⊤',
  ell: 'ℓ',
  lVert: '‖',
  rVert: '‖',
  Vert: '‖',
  sqrt: '√',
  ldots: '…',
  dots: '…',
  quad: ' ',
  tilde: '',
};

const STYLES =
  /^(?:mathrm|mathbf|mathcal|mathbb|text|operatorname|boldsymbol|left|right|hat|bar|big|Big)$/;
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function plainMaths(tex: string): string {
  const small = (signs: string) => (_: string, digits: string) =>
    [...digits].map((digit) => (digit === '-' ? '⁻' : signs[Number(digit)])).join('');
  return tex
    .replace(/\\\|/g, '‖')
    .replace(/\\[,;:! ]/g, ' ')
    .replace(
      /\\([A-Za-z]+)/g,
      (_, name: string) => LETTERS[name] ?? (STYLES.test(name) ? '' : name),
    )
    .replace(/_\{?(\d+)\}?/g, small(SUBSCRIPTS))
    .replace(/\^\{?(-?\d+)\}?/g, small(SUPERSCRIPTS))
    .replace(/\^\{?(?:⊤|T)\}?/g, 'ᵀ')
    .replace(/[{}_]/g, '');
}

/** `marginalia check`: findings as lines for people, or as one JSON document. */

import { formatPlace, type Problem } from '../errors.js';
import { type CheckedNotebook, check } from '../press/report/check.js';
import { parseOptions } from './options.js';
import { packageFolder } from './package-folder.js';
import type { SetupEffects } from './setup-effects.js';

/** The options of `check`, as `parseArgs` wants them. */
export const OPTIONS = {
  json: { type: 'boolean', default: false },
  debug: { type: 'boolean', default: false },
} as const;

/** Exit code 0 when nothing was found, 1 with findings. */
export async function checkCommand(args: readonly string[], setup: SetupEffects): Promise<number> {
  const { values, positionals } = parseOptions('check', OPTIONS, args);
  const checked = await check(
    { bookFolder: 'notebooks', notebooks: positionals },
    { cacheFolder: setup.cacheFolder, packageFolder },
  );
  process.stdout.write(values.json ? asJson(checked) : asLines(checked));
  return count(checked) === 0 ? 0 : 1;
}

const count = (checked: readonly CheckedNotebook[]): number =>
  checked.reduce((sum, { findings }) => sum + findings.length, 0);

/** `notebooks/01.ipynb, cell 12 (fig-decay), line 3: message (rule-name). Hint.` */
function asLines(checked: readonly CheckedNotebook[]): string {
  const lines = checked.flatMap(({ findings }) => findings.map(lineOf));
  return `${[...lines, summary(checked)].join('\n')}\n`;
}

function lineOf({ rule, where, message, hint }: Problem): string {
  return `${formatPlace(where)}: ${message} (${rule}). ${hint}`.replace(/\s*\n\s*/g, ' ');
}

function summary(checked: readonly CheckedNotebook[]): string {
  const found = count(checked);
  const findings = `${found === 0 ? 'no' : found} ${found === 1 ? 'finding' : 'findings'}`;
  return `${findings} in ${checked.length} ${checked.length === 1 ? 'notebook' : 'notebooks'}`;
}

/** The form is described in README.md; a change of it changes `version`. */
function asJson(checked: readonly CheckedNotebook[]): string {
  const notebooks = checked.map(({ path, findings }) => ({
    path,
    findings: findings.map(({ rule, severity, where, message, hint }) => ({
      rule,
      severity,
      ...where,
      message,
      hint,
    })),
  }));
  return `${JSON.stringify({ version: 1, findings: count(checked), notebooks }, null, 1)}\n`;
}

import type { Drawing } from './draw.js';
import { escapeJson } from './escape.js';
import { inkedSpec } from './figure-ink.js';

type Json = { readonly [key: string]: unknown };

/** What the live view of a figure is made from: the specification that was compiled for wide screens
 *  and, where there is a narrow one, what that changes at its top, so that rows stand on the page
 *  once. A key that the narrow one lacks is null there. */
export function liveSpecs(wide: Drawing, narrow: Drawing | null): string {
  const whole = inkedSpec(wide.vega) as Json;
  const patch = narrow === null ? null : changes(whole, inkedSpec(narrow.vega));
  return jsonScript('', whole) + (patch === null ? '' : jsonScript(' class="narrow"', patch));
}

function changes(from: Json, to: unknown): Json {
  const target = to as Json;
  const keys = [...new Set([...Object.keys(from), ...Object.keys(target)])];
  const changed = keys.filter((key) => JSON.stringify(from[key]) !== JSON.stringify(target[key]));
  return Object.fromEntries(changed.map((key) => [key, target[key] ?? null]));
}

function jsonScript(attributes: string, json: Json): string {
  return `<script type="application/json"${attributes}>${escapeJson(json)}</script>`;
}

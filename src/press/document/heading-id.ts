/** Ids that the page gives itself: its text, footnotes and figures without a label. */
const TAKEN = /^(?:text|(?:note|note-ref|plot)-\d+)$/;

/** `A linear view` → `a-linear-view` */
export function slug(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const name = words.join('-') || 'section';
  return TAKEN.test(name) ? `section-${name}` : name;
}

/** The wanted id, or that with the next number that nothing has. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  return id;
}

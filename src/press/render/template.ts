import { UserError } from '../../errors.js';

const SLOT = /\{\{([a-z-]+)\}\}/g;

/** Fills every `{{slot}}` of a template. Slot values are HTML and are inserted as they are.
 *  @throws UserError when the template has a slot without value, or a value has no slot. */
export function fillTemplate(
  name: string,
  template: string,
  slots: { readonly [slot: string]: string },
): string {
  const wanted = new Set([...template.matchAll(SLOT)].map((match) => match[1] ?? ''));
  for (const slot of wanted) {
    if (!Object.hasOwn(slots, slot)) throw slotError(name, `no value for {{${slot}}}`, slots);
  }
  for (const slot of Object.keys(slots)) {
    if (!wanted.has(slot)) throw slotError(name, `no place for {{${slot}}}`, slots);
  }
  return template.replace(SLOT, (_, slot: string) => slots[slot] ?? '');
}

function slotError(
  name: string,
  got: string,
  slots: { readonly [slot: string]: string },
): UserError {
  return new UserError(`expected a template with exactly the page's slots, got ${got}`, {
    where: { file: name },
    hint: `Slots are ${Object.keys(slots).join(', ')}`,
  });
}

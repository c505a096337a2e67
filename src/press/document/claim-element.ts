/** Element id of a claim on its page: its box in the text or, without one, its row in the table of
 *  claims. The cover links to it. */
export function claimElement(id: string): string {
  return `claim-${id}`;
}

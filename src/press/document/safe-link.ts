/** Whether an address is http, https, mailto, a place in the page, or relative to it. */
export function isSafeLink(address: string): boolean {
  if (/^(?:https?:\/\/|mailto:|#)/i.test(address)) return true;
  // Browsers skip control characters and read a backslash as a slash.
  if (/[\p{Cc}\\]/u.test(address) || /^\s*\/\//.test(address)) return false;
  return !/^[^/?#]*:/.test(address);
}

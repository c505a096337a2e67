/** Jupyter's messages as frames: `<IDS|MSG>`, signature, header, parent, metadata, content.
 *  The signature is HMAC-SHA256 over the last four, in hexadecimal. */

import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

export interface Message {
  readonly id: string;
  readonly type: string;
  /** Identifier of the request that this message answers; empty for a request. */
  readonly parent: string;
  readonly content: { readonly [key: string]: unknown };
}

const DELIMITER = '<IDS|MSG>';

/** A new request, and the frames to send. */
export function encode(
  key: string,
  session: string,
  type: string,
  content: Message['content'],
): { readonly id: string; readonly frames: readonly string[] } {
  const id = randomUUID();
  const header = {
    msg_id: id,
    msg_type: type,
    session,
    username: 'marginalia',
    date: new Date().toISOString(),
    version: '5.3',
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return { id, frames: [DELIMITER, sign(key, parts), ...parts] };
}

/** Reads frames back; null when they are no message, or not signed with the key. Routing frames
 *  may stand in front. */
export function decode(key: string, frames: readonly Uint8Array[]): Message | null {
  const texts = frames.map((frame) => Buffer.from(frame).toString());
  const start = texts.indexOf(DELIMITER);
  const [signature, ...parts] = start < 0 ? [] : texts.slice(start + 1);
  const [header, parent, , content] = parts;
  if (signature === undefined || header === undefined || parent === undefined) return null;
  if (content === undefined || !isSigned(key, signature, parts.slice(0, 4))) return null;
  const { msg_id: id, msg_type: type } = JSON.parse(header) as Record<string, string>;
  const { msg_id: parentId = '' } = JSON.parse(parent) as { msg_id?: string };
  if (id === undefined || type === undefined) return null;
  return { id, type, parent: parentId, content: JSON.parse(content) };
}

function isSigned(key: string, signature: string, parts: readonly string[]): boolean {
  const expected = Buffer.from(sign(key, parts));
  const got = Buffer.from(signature);
  return expected.length === got.length && timingSafeEqual(expected, got);
}

function sign(key: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

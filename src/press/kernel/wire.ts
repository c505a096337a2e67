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
  const date = new Date().toISOString();
  const header = {
    msg_id: id,
    msg_type: type,
    session,
    username: 'marginalia',
    date,
    version: '5.3',
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return { id, frames: [DELIMITER, sign(key, parts), ...parts] };
}

/** Reads frames back. Throws an Error when they are no message, or when the signature is wrong. */
export function decode(key: string, frames: readonly Uint8Array[]): Message {
  const texts = frames.map((frame) => Buffer.from(frame).toString());
  const start = texts.indexOf(DELIMITER);
  const [signature, ...parts] = texts.slice(start + 1);
  const [header, parent, , content] = parts;
  if (
    start < 0 ||
    signature === undefined ||
    header === undefined ||
    parent === undefined ||
    content === undefined
  ) {
    throw new Error(`expected a Jupyter message of 6 frames, got ${texts.length - start}`);
  }
  const expected = Buffer.from(sign(key, parts.slice(0, 4)));
  const got = Buffer.from(signature);
  if (expected.length !== got.length || !timingSafeEqual(expected, got)) {
    throw new Error('expected a signed Jupyter message, got a wrong signature');
  }
  const { msg_id, msg_type } = JSON.parse(header) as { msg_id: string; msg_type: string };
  const { msg_id: parentId = '' } = JSON.parse(parent) as { msg_id?: string };
  return { id: msg_id, type: msg_type, parent: parentId, content: JSON.parse(content) };
}

function sign(key: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

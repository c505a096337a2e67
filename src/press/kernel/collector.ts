/** What a cell publishes, as nbformat outputs: streams joined, displays updated, floods cut. */

import { METADATA_KEY, type PublishedProgress } from '../../mime.js';
import type { Output } from '../notebook/types.js';
import type { Message } from './wire.js';

/** Most characters of stream text that one cell may keep. */
const STREAM_LIMIT = 10_000_000;

export interface Collector {
  add(message: Message): void;
  /** The raw writes to stderr, in order. */
  readonly errorWrites: readonly string[];
  /** Outputs so far; the last `withoutWrites` writes to stderr left out. */
  outputs(withoutWrites?: number): Output[];
}

interface Stream {
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

interface Display {
  readonly id: string | undefined;
  readonly data: { readonly [mime: string]: unknown };
  readonly metadata: { readonly [key: string]: unknown };
}

/** A fresh collector for one cell. `onProgress` gets what is shown and never saved. */
export function collector(onProgress: (progress: PublishedProgress) => void): Collector {
  let items: (Stream | Display)[] = [];
  const errorWrites: string[] = [];
  let kept = 0;
  const addStream = (stream: Stream): void => {
    if (stream.name === 'stderr') errorWrites.push(stream.text);
    const room = STREAM_LIMIT - kept;
    kept += stream.text.length;
    if (room <= 0) return;
    const cut = stream.text.length > room;
    items.push(
      cut ? { ...stream, text: `${stream.text.slice(0, room)}\n[cut after 10 MB]\n` } : stream,
    );
  };
  const addDisplay = (display: Display, update: boolean): void => {
    const progress = progressOf(display);
    if (progress !== undefined) onProgress(progress);
    else if (!update) items.push(display);
    else items = items.map((item) => ('id' in item && item.id === display.id ? display : item));
  };
  return {
    errorWrites,
    add({ type, content }) {
      if (type === 'stream') addStream(content as unknown as Stream);
      else if (type === 'clear_output') items = [];
      else if (type === 'display_data' || type === 'update_display_data') {
        addDisplay(displayOf(content), type === 'update_display_data');
      }
    },
    outputs: (withoutWrites = 0) => toOutputs(dropLastErrors(items, withoutWrites)),
  };
}

function displayOf(content: Message['content']): Display {
  const { data, metadata, transient } = content as {
    data?: Display['data'];
    metadata?: Display['metadata'];
    transient?: { display_id?: string };
  };
  return { id: transient?.display_id, data: data ?? {}, metadata: metadata ?? {} };
}

function progressOf({ metadata }: Display): PublishedProgress | undefined {
  const published = metadata[METADATA_KEY] as { kind?: string } | undefined;
  return published?.kind === 'progress' ? (published as PublishedProgress) : undefined;
}

function dropLastErrors(items: readonly (Stream | Display)[], count: number): (Stream | Display)[] {
  let left = count;
  return items
    .toReversed()
    .filter((item) => !('name' in item && item.name === 'stderr' && left-- > 0))
    .reverse();
}

function toOutputs(items: readonly (Stream | Display)[]): Output[] {
  const outputs: Output[] = [];
  for (const item of items) {
    const last = outputs.at(-1);
    if (!('name' in item)) {
      outputs.push({ output_type: 'display_data', data: item.data, metadata: item.metadata });
    } else if (last?.output_type === 'stream' && last.name === item.name) {
      outputs[outputs.length - 1] = { ...last, text: last.text + item.text };
    } else {
      outputs.push({ output_type: 'stream', name: item.name, text: item.text });
    }
  }
  return outputs;
}

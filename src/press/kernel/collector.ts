/** What a cell publishes, as nbformat outputs: streams joined, displays updated, floods cut. */

import { stripVTControlCharacters } from 'node:util';
import { METADATA_KEY, type PublishedProgress } from '../../mime.js';
import type { Output, StreamOutput } from '../notebook/types.js';
import type { Message } from './wire.js';

/** Most characters that the outputs of one cell may keep. */
const LIMIT = 10_000_000;

export interface Collector {
  /** Takes a message of the cell; also one that comes when later cells run. */
  add(message: Message): void;
  /** The writes to stderr, in order: tslab tells of failures there. */
  readonly errorWrites: readonly string[];
  /** When the cell last reported progress, ms of `performance.now()`; 0 before. */
  lastProgress(): number;
  /** Outputs so far, without the writes to stderr at the positions `leftOut`. */
  outputs(leftOut?: readonly number[]): Output[];
}

interface Stream {
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
  /** Position among the writes to stderr. */
  readonly write?: number;
}

interface Display {
  data: { readonly [mime: string]: unknown };
  metadata: { readonly [key: string]: unknown };
}

/** Displays of a whole run by their display id: a later cell may update what an earlier one shows. */
export type Displays = Map<string, Display[]>;

/** A fresh collector for one cell. `onProgress` gets what is shown and never saved. */
export function collector(
  displays: Displays,
  onProgress: (progress: PublishedProgress) => void,
): Collector {
  const errorWrites: string[] = [];
  let items: (Stream | Display)[] = [];
  let room = LIMIT;
  let clearFirst = false;
  let lastProgress = 0;
  const clear = (): void => {
    items = [];
    room = LIMIT;
    clearFirst = false;
  };
  const add = (item: Stream | Display): void => {
    if (clearFirst) clear();
    const size = sizeOf(item);
    if (room > 0) items.push(size <= room ? item : CUT);
    room -= size;
  };
  const addStream = ({ name, text }: Stream): void => {
    if (name === 'stdout') add({ name, text });
    else add({ name, text, write: errorWrites.push(text) - 1 });
  };
  const addDisplay = (display: Display, id: string | undefined): void => {
    const progress = progressOf(display);
    if (progress !== undefined) {
      lastProgress = performance.now();
      onProgress(progress);
      return;
    }
    if (id !== undefined) displays.set(id, [...(displays.get(id) ?? []), display]);
    add(display);
  };
  return {
    errorWrites,
    lastProgress: () => lastProgress,
    add({ type, content }) {
      const { transient, ...shown } = content as DisplayContent;
      const display = { data: shown.data ?? {}, metadata: shown.metadata ?? {} };
      const id = transient?.display_id;
      if (type === 'stream') addStream(content as unknown as Stream);
      else if (type === 'display_data') addDisplay(display, id);
      else if (type === 'update_display_data') {
        const news = sizeOf(display) > LIMIT ? CUT_DISPLAY : display;
        for (const earlier of displays.get(id ?? '') ?? []) Object.assign(earlier, news);
      } else if (type === 'clear_output') {
        if (content.wait === true) clearFirst = true;
        else clear();
      }
    },
    outputs: (leftOut = []) =>
      toOutputs(items.filter((item) => !('write' in item && leftOut.includes(item.write ?? -1)))),
  };
}

function sizeOf(item: Stream | Display): number {
  return 'name' in item ? item.text.length : JSON.stringify(item.data).length;
}

/** Kernels leave out what is empty, or send null. */
interface DisplayContent {
  readonly data?: Display['data'] | null;
  readonly metadata?: Display['metadata'] | null;
  readonly transient?: { readonly display_id?: string } | null;
}

/** Among the results, which a page always shows: that of stderr can be left out. */
const CUT: Stream = {
  name: 'stdout',
  text: `\n[the cell wrote more than ${LIMIT / 1e6} MB: the rest is cut]\n`,
};

const CUT_DISPLAY: Display = { data: { 'text/plain': CUT.text.trim() }, metadata: {} };

function progressOf({ metadata }: Display): PublishedProgress | undefined {
  const published = metadata[METADATA_KEY] as { kind?: string } | undefined;
  return published?.kind === 'progress' ? (published as PublishedProgress) : undefined;
}

/** Neighbouring writes to the same stream become one output. */
function toOutputs(items: readonly (Stream | Display)[]): Output[] {
  const outputs: Output[] = [];
  let open: { name: Stream['name']; texts: string[] } | undefined;
  const close = (): void => {
    if (open !== undefined) outputs.push(toStream(open.name, open.texts.join('')));
    open = undefined;
  };
  for (const item of items) {
    if ('name' in item) {
      if (open?.name !== item.name) close();
      open ??= { name: item.name, texts: [] };
      open.texts.push(item.text);
    } else {
      close();
      outputs.push({ output_type: 'display_data', data: item.data, metadata: item.metadata });
    }
  }
  close();
  return outputs;
}

/** Plain text: no colours, and of a line that was written over only what a terminal shows last. */
function toStream(name: Stream['name'], text: string): StreamOutput {
  const lines = stripVTControlCharacters(text).split('\n');
  const last = lines.map((line) => line.replace(/\r+$/, '')).map(lastWritten);
  return { output_type: 'stream', name, text: last.join('\n') };
}

const lastWritten = (line: string): string => line.slice(line.lastIndexOf('\r') + 1);

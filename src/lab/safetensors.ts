/** The safetensors format (github.com/huggingface/safetensors): eight bytes with the length of the
 *  header, the header in JSON, then the numbers of all tensors, raw and little-endian. */

import { UserError } from '../errors.js';

/** Numbers of one tensor in row-major order. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface TensorFile {
  readonly tensors: { readonly [name: string]: NamedArray };
  readonly metadata: { readonly [key: string]: string };
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte and the byte after the last, counted from the end of the header. */
  readonly data_offsets: readonly [number, number];
}

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;

/** The bytes of a file, tensors in the order given. */
export function encodeTensors({ tensors, metadata }: TensorFile): Buffer {
  const header: { [name: string]: HeaderEntry | TensorFile['metadata'] } = { [METADATA]: metadata };
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const start = end;
    end += values.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  // Blanks after the JSON, so that the numbers start at a multiple of eight bytes.
  const padding = Buffer.alloc((LENGTH_BYTES - (json.length % LENGTH_BYTES)) % LENGTH_BYTES, ' ');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  const numbers = Object.values(tensors).map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  return Buffer.concat([length, json, padding, ...numbers]);
}

/** The tensors of a file. `file` names it in errors.
 *  Throws UserError for bytes that are cut off or of another format, and for numbers that are not
 *  32-bit floats. */
export function decodeTensors(bytes: Buffer, file: string): TensorFile {
  const { header, data } = split(bytes, file);
  const { [METADATA]: metadata = {}, ...entries } = header;
  const tensors: { [name: string]: NamedArray } = {};
  let expected = 0;
  for (const [name, entry] of Object.entries(entries)) {
    const { shape, values } = readTensor(name, entry, data, file);
    tensors[name] = { shape, values };
    expected += values.byteLength;
  }
  if (expected !== data.length) {
    throw new UserError(`expected ${expected} bytes of numbers, got ${data.length}`, {
      where: { file },
      hint: 'The file is cut off or has a gap: write or fetch it again.',
    });
  }
  return { tensors, metadata: metadata as TensorFile['metadata'] };
}

function split(bytes: Buffer, file: string): { header: { [key: string]: unknown }; data: Buffer } {
  const length = bytes.length < LENGTH_BYTES ? 0 : Number(bytes.readBigUInt64LE());
  const end = LENGTH_BYTES + length;
  try {
    if (length === 0 || end > bytes.length) throw new Error(`${bytes.length} bytes`);
    const header = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end));
    if (typeof header !== 'object' || header === null) throw new Error('no object');
    return { header, data: bytes.subarray(end) };
  } catch (cause) {
    throw new UserError(`expected a safetensors file, got none whole (${bytes.length} bytes)`, {
      where: { file },
      hint: 'Write it with saveClassifier, or in Python with safetensors.torch.save_file.',
      cause,
    });
  }
}

function readTensor(name: string, entry: unknown, data: Buffer, file: string): NamedArray {
  const { dtype, shape, data_offsets: offsets } = entry as Partial<HeaderEntry>;
  if (dtype !== 'F32') {
    throw new UserError(`expected 32-bit floats (F32) in tensor ${name}, got ${dtype}`, {
      where: { file },
      hint: 'Convert it before saving: in PyTorch, tensor.float().',
    });
  }
  const size = shape?.reduce((product, length) => product * length, FLOAT_BYTES);
  const [start, end] = offsets ?? [];
  if (shape === undefined || start === undefined || end === undefined || end - start !== size) {
    throw new UserError(`expected ${size} bytes for tensor ${name} of [${shape}], got ${offsets}`, {
      where: { file },
      hint: 'The header contradicts itself: write the file again.',
    });
  }
  if (start < 0 || end > data.length) {
    throw new UserError(`expected tensor ${name} up to byte ${end}, got ${data.length} bytes`, {
      where: { file },
      hint: 'The file is cut off: write or fetch it again.',
    });
  }
  // A copy, because floats must start at a multiple of four bytes.
  return { shape, values: new Float32Array(Uint8Array.from(data.subarray(start, end)).buffer) };
}

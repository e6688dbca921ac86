import { createHash } from "node:crypto";
import type { StoredFile } from "./stored-file.ts";

const chunkBytes = 65_536;

/**
 * The bytes of a file, chunk by chunk: what its kind begins and ends with, and between them bytes that
 * follow from its seed. Nothing but one chunk is in memory. A chunk may be reused once the next is asked for.
 */
export function* fileBytes({ type, size, content }: StoredFile): Generator<Buffer> {
  const frame = frames[type];
  const head = Buffer.from(frame.head).subarray(0, size);
  const tail = Buffer.from(frame.tail).subarray(0, Math.max(0, size - head.length));
  yield head;
  let left = size - head.length - tail.length;
  const filler = frame.text ? textFiller(content) : noise(content);
  while (left > 0) {
    const chunk = filler(Math.min(left, chunkBytes));
    left -= chunk.length;
    yield chunk;
  }
  yield tail;
}

/** The SHA-256 of a file's bytes, as hex. */
export function sha256Of(file: StoredFile): string {
  const hash = createHash("sha256");
  for (const chunk of fileBytes(file)) hash.update(chunk);
  return hash.digest("hex");
}

interface Frame {
  readonly head: readonly number[] | string;
  readonly tail: readonly number[] | string;
  readonly text?: boolean;
}

const bytes = (text: string): number[] => [...Buffer.from(text, "latin1")];

/** A ZIP's local header of an empty stored entry of this name. */
const zipEntry = (name: string): number[] => [
  ...[0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[name.length, 0, 0, 0],
  ...bytes(name),
];

const frames: Record<StoredFile["type"], Frame> = {
  jpeg: {
    head: [0xff, 0xd8, 0xff, 0xe0, 0, 16, ...bytes("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0],
    tail: [0xff, 0xd9],
  },
  png: {
    head: [0x89, ...bytes("PNG\r\n\x1a\n"), 0, 0, 0, 13, ...bytes("IHDR")],
    tail: [0, 0, 0, 0, ...bytes("IEND"), 0xae, 0x42, 0x60, 0x82],
  },
  pdf: { head: bytes("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), tail: "\n%%EOF\n" },
  docx: {
    head: [...zipEntry("[Content_Types].xml"), ...zipEntry("word/document.xml")],
    tail: [0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)],
  },
  txt: { head: "Report of the visit\r\n", tail: "\r\n", text: true },
  csv: { head: "part,quantity,price\r\n", tail: "\r\n", text: true },
};

/** Bytes of a xorshift generator; quicker than any disk. */
function noise(seed: number): (size: number) => Buffer {
  const words = new Uint32Array(chunkBytes / 4);
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return (size) => {
    for (let at = 0; at < words.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[at] = state;
    }
    return Buffer.from(words.buffer, 0, size);
  };
}

function textFiller(seed: number): (size: number) => Buffer {
  let line = seed;
  return (size) => {
    let text = "";
    for (; text.length < size; line++) text += `P-${line % 10_000},${line % 7},${line % 90}.50\r\n`;
    return Buffer.from(text, "latin1").subarray(0, size);
  };
}

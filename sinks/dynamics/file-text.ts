import type { StoredFile } from "../file-bytes.ts";
import type { LateText } from "./late-text.ts";

/** Bytes turned into text at once; thirds, so that the texts make one base64. */
const pieceBytes = 3 * 16 * 1024;

/** A file as base64, read when it is written: its bytes are never in memory beside their text. */
export function asBase64(file: StoredFile): LateText {
  return {
    bytes: Math.ceil(file.size / 3) * 4,
    writeTo(body, at) {
      let end = at;
      for (const piece of file.pieces(pieceBytes)) end += writeBase64(piece, body, end);
      return end;
    },
  };
}

/** Writes bytes as base64 and returns the text's length. */
export function writeBase64(bytes: Buffer, body: Buffer, at: number): number {
  let end = at;
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    end += body.write(bytes.toString("base64", from, from + pieceBytes), end, "latin1");
  }
  return end - at;
}

/** Text that is made when it is written into a body: what waits or has left keeps no copy of it. */
export interface LateText {
  /** Exact, as UTF-8. */
  readonly bytes: number;
  /** Writes itself from `at` on; returns where it ends. */
  writeTo(body: Buffer, at: number): number;
}

/** A text at hand, let go when it is written; `again` makes it anew for whoever writes it once more. */
export function textOnce(text: string, again: () => string): LateText {
  let kept: string | undefined = text;
  return {
    bytes: Buffer.byteLength(text),
    writeTo(body, at) {
      const written = kept ?? again();
      kept = undefined;
      return at + body.write(written, at);
    },
  };
}

/** Pieces behind one another. */
export function joined(pieces: readonly (string | LateText)[]): LateText {
  const bytes = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
  return {
    bytes,
    writeTo(body, at) {
      let end = at;
      for (const piece of pieces) {
        end = typeof piece === "string" ? end + body.write(piece, end) : piece.writeTo(body, end);
      }
      return end;
    },
  };
}

/** Bytes of a text as UTF-8. */
function sizeOf(text: string | LateText): number {
  return typeof text === "string" ? Buffer.byteLength(text) : text.bytes;
}

/** The text itself: one buffer, and no copy beside it. */
export function written(text: LateText): Buffer {
  const body = Buffer.allocUnsafeSlow(text.bytes);
  if (text.writeTo(body, 0) === text.bytes) return body;
  throw new Error("A body came out differently when it was made.");
}

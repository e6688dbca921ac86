/** Text that is made when it is written into a body: what waits or has left keeps no copy of it. */
export interface LateText {
  /** Exact, as UTF-8. */
  readonly bytes: number;
  /** Writes itself from `at` on; returns where it ends. */
  writeTo(body: Buffer, at: number): number;
}

/** A text at hand, let go when it is written; `again` makes it anew, of the same size, for whoever writes it once more. */
export function textOnce(text: string, again: () => string): LateText {
  const bytes = Buffer.byteLength(text);
  let kept: string | undefined = text;
  const anew = (): string => {
    const made = again();
    if (Buffer.byteLength(made) !== bytes) throw differently();
    return made;
  };
  return {
    bytes,
    writeTo(body, at) {
      const written = kept ?? anew();
      kept = undefined;
      return at + body.write(written, at);
    },
  };
}

function differently(): Error {
  return new Error("A body came out differently when it was made.");
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
  throw differently();
}

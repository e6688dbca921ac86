/**
 * A text in parts of at most `limit` bytes, cut at a word where there is one, each marked `(1/3)`.
 * The marks count in. Of one part there is no mark. White space at a cut is left out; nothing else is.
 */
export function splitText(text: string, limit: number): string[] {
  if (Buffer.byteLength(text) <= limit) return [text];
  for (let digits = 1; ; digits += 1) {
    const room = limit - "(/) ".length - 2 * digits;
    const parts = cutText(text, room);
    const total = String(parts.length);
    // More parts than so many digits can number: their marks need more room.
    if (total.length > digits) continue;
    return parts.map((part, at) => `(${at + 1}/${total}) ${part}`);
  }
}

function cutText(text: string, room: number): string[] {
  const parts: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = endOf(text, start, room);
    const part = text.slice(start, end).trimEnd();
    if (part !== "") parts.push(part);
    start = end;
    while (start < text.length && isSpace(text, start)) start += 1;
  }
  return parts;
}

/** Where the part that begins at `start` ends: at its last word that fits, else within that word. */
function endOf(text: string, start: number, room: number): number {
  let bytes = 0;
  let space = -1;
  let at = start;
  while (at < text.length) {
    const code = text.codePointAt(at) as number;
    if (isSpace(text, at)) space = at;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > room) return space > start ? space : at;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}

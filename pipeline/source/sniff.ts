/** Signatures by where they stand; the first that fits wins. From the files' own specifications. */
const signatures: readonly (readonly [mime: string, at: number, bytes: string])[] = [
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/gif", 0, "GIF87a"],
  ["image/gif", 0, "GIF89a"],
  ["image/webp", 8, "WEBP"],
  ["image/tiff", 0, "II*\0"],
  ["image/tiff", 0, "MM\0*"],
  ["image/bmp", 0, "BM"],
  ["image/heic", 4, "ftypheic"],
  ["image/heic", 4, "ftypmif1"],
  ["image/avif", 4, "ftypavif"],
  ["video/quicktime", 4, "ftypqt"],
  ["audio/mp4", 4, "ftypM4A"],
  ["video/mp4", 4, "ftyp"],
  ["audio/wav", 8, "WAVE"],
  ["video/x-msvideo", 8, "AVI "],
  ["audio/mpeg", 0, "ID3"],
  ["audio/ogg", 0, "OggS"],
  ["video/webm", 0, "\x1a\x45\xdf\xa3"],
  ["application/pdf", 0, "%PDF-"],
  ["application/rtf", 0, "{\\rtf"],
  ["application/x-ole-storage", 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
  ["application/gzip", 0, "\x1f\x8b"],
  ["application/x-7z-compressed", 0, "7z\xbc\xaf\x27\x1c"],
  ["application/vnd.rar", 0, "Rar!\x1a\x07"],
  ["application/x-tar", 257, "ustar"],
];

/** Where the name of a zip's first entry begins, and where the first entries of office files lie. */
const office: readonly (readonly [mime: string, inside: string])[] = [
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", "ppt/"],
];

/** The type of a file by its first bytes, whatever its name and sender say; null where they do not tell. */
export function sniffedType(head: Buffer): string | null {
  if (head.length === 0) return null;
  const bytes = head.toString("latin1");
  if (bytes.startsWith("PK\x03\x04") || bytes.startsWith("PK\x05\x06")) return zipType(bytes);
  const found = signatures.find(([, at, signature]) => bytes.startsWith(signature, at));
  return found?.[0] ?? textType(head);
}

function zipType(bytes: string): string {
  const opened = /^.{30}mimetype(application\/[\w.+-]+?)PK/s.exec(bytes)?.[1];
  return opened ?? office.find(([, inside]) => bytes.includes(inside))?.[0] ?? "application/zip";
}

/** Text of some kind, where the bytes are UTF-8 without control characters; the head may cut a character. */
function textType(head: Buffer): string | null {
  const text = new TextDecoder("utf-8").decode(head, { stream: true });
  // oxlint-disable-next-line no-control-regex -- these characters are what is looked for
  if (/[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\ufffd]/.test(text)) return null;
  const begin = text.trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body)\b/.test(begin)) return "text/html";
  if (begin.startsWith("<?xml")) return begin.includes("<svg") ? "image/svg+xml" : "text/xml";
  return begin.startsWith("<svg") ? "image/svg+xml" : "text/plain";
}

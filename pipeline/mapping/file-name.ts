/** Longest file name of common file systems, and of file titles at destinations. */
const longest = 255;

/** Extensions by MIME type, of what people attach. */
const byType: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/heic": "heic",
  "image/tiff": "tiff",
  "image/bmp": "bmp",
  "image/svg+xml": "svg",
  "application/pdf": "pdf",
  "application/zip": "zip",
  "application/json": "json",
  "application/xml": "xml",
  "application/rtf": "rtf",
  "application/msword": "doc",
  "application/vnd.ms-excel": "xls",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "text/plain": "txt",
  "text/csv": "csv",
  "text/html": "html",
  "text/xml": "xml",
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "video/mp4": "mp4",
  "video/quicktime": "mov",
  "message/rfc822": "eml",
};

const known: ReadonlySet<string> = new Set([
  ...Object.values(byType),
  ..."jpeg tif htm log md heif avi mkv m4a msg dwg dxf".split(" "),
]);

/** Names Windows keeps for devices. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A file name any system takes; its extension, where it has no known one, is that of its type. */
export function fileName(given: string, types: readonly (string | null)[]): string {
  const plain = given
    // Separators, reserved characters and control characters, in one pass.
    .replace(/[/\\:*?"<>|\u0000-\u001f\u007f]/g, "_")
    .replace(/^[. ]+|[. ]+$/g, "");
  const safe = plain === "" ? "file" : device.test(plain) ? `_${plain}` : plain;
  const own = extensionOf(safe);
  if (own !== undefined && known.has(own.toLowerCase())) return shortened(safe, own);
  const derived = types.map((type) => byType[baseType(type)]).find((each) => each !== undefined);
  if (derived !== undefined) return shortened(`${safe}.${derived}`, derived);
  return shortened(safe, own ?? "");
}

/** The name without its extension. */
export function titleOf(name: string): string {
  const extension = extensionOf(name);
  return extension === undefined ? name : name.slice(0, -extension.length - 1);
}

function baseType(type: string | null): string {
  return (type ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function extensionOf(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  const text = name.slice(dot + 1);
  return dot > 0 && /^(?=.*[a-z])[a-z0-9]{1,8}$/i.test(text) ? text : undefined;
}

/** Cut before the extension; a pair of surrogates is not torn. */
function shortened(name: string, extension: string): string {
  if (name.length <= longest) return name;
  const suffix = extension === "" ? "" : `.${extension}`;
  const stem = name.slice(0, longest - suffix.length);
  const whole = /[\ud800-\udbff]$/.test(stem) ? stem.slice(0, -1) : stem;
  return `${whole.trimEnd()}${suffix}`;
}

const types: Readonly<Record<string, string>> = {
  avi: "AVI",
  bmp: "BMP",
  csv: "CSV",
  doc: "WORD",
  docx: "WORD_X",
  eml: "EML",
  gif: "GIF",
  gz: "GZIP",
  htm: "HTML",
  html: "HTML",
  jpeg: "JPG",
  jpg: "JPG",
  js: "JS",
  m4a: "M4A",
  m4v: "M4V",
  mov: "MOV",
  mp3: "MP3",
  mp4: "MP4",
  mpeg: "MPEG",
  mpg: "MPEG",
  msg: "MSG",
  odp: "ODP",
  ods: "ODS",
  odt: "ODT",
  pdf: "PDF",
  png: "PNG",
  ppt: "POWER_POINT",
  pptx: "POWER_POINT_X",
  psd: "PSD",
  rar: "RAR",
  rtf: "RTF",
  svg: "SVG",
  tif: "TIFF",
  tiff: "TIFF",
  txt: "TEXT",
  vcf: "VCF",
  vsd: "VISIO",
  wav: "WAV",
  wma: "WMA",
  wmv: "WMV",
  xls: "EXCEL",
  xlsx: "EXCEL_X",
  xml: "XML",
  zip: "ZIP",
};

/** What a file's name says of it: the extension after its last dot, and the type that goes with it. */
export function fileTypeOf(path: string): { extension: string | null; type: string } {
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  const extension = dot < 0 || dot === name.length - 1 ? null : name.slice(dot + 1).toLowerCase();
  return { extension, type: types[extension ?? ""] ?? "UNKNOWN" };
}

/** A file's title where none is given: its name without folders and extension. */
export function titleOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  return (dot > 0 ? name.slice(0, dot) : name).slice(0, 255);
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

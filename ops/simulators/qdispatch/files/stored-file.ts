import { createHash } from "node:crypto";
import type { Row } from "../truth/row.ts";

/** The kinds of bytes a tenant's files have, with the type that is right for them. */
export const fileTypes = {
  jpeg: "image/jpeg",
  png: "image/png",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  txt: "text/plain",
  csv: "text/csv",
} as const;

/** A kind of bytes. */
export type FileType = keyof typeof fileTypes;

/** What the tenant stores of a file; the bytes follow from it. */
export interface StoredFile {
  readonly type: FileType;
  readonly size: number;
  /** Seed of the bytes. */
  readonly content: number;
  /** What goes wrong when it is fetched: its address has expired whenever it is listed, or leads nowhere. */
  readonly fault: "expired" | "missing" | null;
}

/** What is stored of an attachment; what its row does not say follows from its claims and its id. */
export function storedFileOf(row: Row): StoredFile {
  const { type, size, content, fault } = (row["file"] ?? {}) as Partial<StoredFile>;
  const claimed = Object.keys(fileTypes) as FileType[];
  return {
    type: type ?? claimed.find((one) => fileTypes[one] === row["mime_type"]) ?? "jpeg",
    size: size ?? (row["size"] as number | null | undefined) ?? 2_048,
    content: content ?? createHash("sha256").update(row.id).digest().readUInt32LE(),
    fault: fault ?? null,
  };
}

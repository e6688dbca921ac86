import type { Environment } from "../../environment.ts";
import type { TableRules, Writer } from "../../extension.ts";
import { isLookup, type Values } from "../../rows/row.ts";
import { ApiError, badPayload } from "../../web/api-error.ts";

/** Notes: the limits of their files, and what follows from a file. */
export const annotationRules: TableRules = {
  beforeCreate: (writer, _table, values) => settle(writer, values, values),
  beforeUpdate: (writer, before, changes) =>
    settle(writer, changes, { ...before.values, ...changes }),
};

/** How large a file may be, in bytes, and which kinds may not come, are the organization's. */
export const organizationRules: TableRules = {
  read: (env) => ({ maxuploadfilesize: env.settings.current().maxUploadBytes }),
};

function settle({ env }: Writer, given: Values, all: Values): void {
  const object = all["objectid"];
  if (isLookup(object)) given["objecttypecode"] = object.table;
  const { filename, documentbody } = given;
  if (typeof filename === "string") checkName(env, filename);
  if (documentbody === undefined) return;
  const size = typeof documentbody === "string" ? sizeOf(documentbody) : null;
  if (size !== null) checkSize(env, size);
  given["filesize"] = size;
  given["isdocument"] = size !== null;
}

function sizeOf(base64: string): number {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw badPayload("annotation", "The value of 'documentbody' is no base64 text.");
  }
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** 400 where a file is larger than the organization allows. */
export function checkSize(env: Environment, size: number): void {
  if (size <= env.settings.current().maxUploadBytes) return;
  throw new ApiError(400, "0x80044a02", "Attachment file size is too big.");
}

/** 400 for a name that no file may have, or an ending the organization blocks. */
export function checkName(env: Environment, name: string): void {
  // oxlint-disable-next-line no-control-regex
  if (/[<>:"/\\|?*\u0000-\u001f]/.test(name) || name.trim() === "")
    throw new ApiError(400, "0x80044a08", "Attachment file name contains invalid characters.");
  const ending = name.includes(".") ? (name.split(".").at(-1) ?? "").toLowerCase() : "";
  if (!blockedEndings(env).includes(ending) || ending === "") return;
  throw new ApiError(
    400,
    "0x80043e09",
    "Attachment blocked: The attachment is not a valid file type.",
  );
}

function blockedEndings(env: Environment): string[] {
  for (const row of env.rows("organization").walk()) {
    const blocked = row.values["blockedattachments"];
    if (typeof blocked === "string") return blocked.toLowerCase().split(";");
  }
  return [];
}

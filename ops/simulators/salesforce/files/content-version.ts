import type { ObjectRule, RuleCall } from "../dml/object-rules.ts";
import { platformInsert, platformUpdate, rowsNaming } from "../dml/platform-rows.ts";
import { type RowError, rowError } from "../dml/row-error.ts";
import type { Writer } from "../dml/write.ts";
import type { Values } from "../schema/field.ts";
import { idOf } from "../store/ids.ts";
import { countFile } from "../store/storage.ts";
import { blobOf, sizeOf } from "./blobs.ts";
import { linkTo } from "./content-document.ts";
import { fileTypeOf, titleOf } from "./file-type.ts";

/** Versions of a file: the bytes, what follows from them, and the document the first one makes. */
export const contentVersion: ObjectRule = {
  check(writer, given, before) {
    if (before !== undefined) return undefined;
    return checkNew(given) ?? checkQuotas(writer, given);
  },
  complete(call, values) {
    if (call.before !== undefined) return;
    const { org } = call.writer;
    const blob = blobOf(org, String(values["VersionData"]));
    const path = String(values["PathOnClient"]);
    const { extension, type } = fileTypeOf(path);
    const first = typeof values["ContentDocumentId"] !== "string";
    Object.assign(values, {
      VersionData: blob.sha256,
      Checksum: blob.md5,
      ContentSize: blob.size,
      FileExtension: extension,
      FileType: type,
      PublishStatus: "P",
      IsLatest: true,
      VersionNumber: "1",
      ContentBodyId: idOf("05T", org.rows("ContentVersion").lastCounter()),
      Title: values["Title"] ?? titleOf(path),
      ContentModifiedDate: values["ContentModifiedDate"] ?? call.now,
      ContentModifiedById: call.writer.userId,
    });
    if (first) makeDocument(call, values);
    else followVersion(call, values);
    org.usage.add("content_versions");
    countFile(org, blob.size);
  },
  after(call, values) {
    if (call.before === undefined) publish(call, values);
    else carryTitle(call, values);
  },
};

/** What a new version lacks; a file of no bytes counts as none, as it does for a real org. */
function checkNew(given: Values): RowError | undefined {
  const { VersionData: data, PathOnClient: path, FirstPublishLocationId: place } = given;
  const missing: string[] = [];
  if (typeof data !== "string" || sizeOf(data) === 0) missing.push("VersionData");
  if (typeof path !== "string") missing.push("PathOnClient");
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.join(", ")}]`;
    return rowError("REQUIRED_FIELD_MISSING", message, missing);
  }
  if (typeof place !== "string" || typeof given["ContentDocumentId"] !== "string") return undefined;
  const message = "FirstPublishLocationId cannot be set together with ContentDocumentId";
  return rowError("INVALID_FIELD_FOR_INSERT_UPDATE", message, ["FirstPublishLocationId"]);
}

function checkQuotas({ org }: Writer, given: Values): RowError | undefined {
  const { blockedExtensions, limits } = org.settings.current();
  const { extension } = fileTypeOf(String(given["PathOnClient"]));
  if (extension !== null && blockedExtensions.includes(extension)) {
    const message = `Your organization does not allow files with the extension ${extension}`;
    return rowError("FILE_EXTENSION_NOT_ALLOWED", message, ["PathOnClient"]);
  }
  if (!limits.enforced) return undefined;
  if (org.usage.lastDay("content_versions") < limits.DailyContentVersions) return undefined;
  return rowError("LIMIT_EXCEEDED", "The daily limit of published content versions is used up");
}

/** The first version of a file makes its document; `create` on the document itself is not supported. */
function makeDocument({ writer, id }: RuleCall, values: Values): void {
  values["ContentDocumentId"] = platformInsert(writer, "ContentDocument", {
    ...shared(values),
    LatestPublishedVersionId: id,
    IsArchived: false,
    ...stamps(values),
  });
}

function followVersion({ writer, id }: RuleCall, values: Values): void {
  const { ContentDocumentId: document } = values;
  const versions = rowsNaming(writer, "ContentVersion", "ContentDocumentId", document);
  const numbers = versions.map((row) => Number(row.values["VersionNumber"]));
  values["VersionNumber"] = String(Math.max(0, ...numbers) + 1);
  for (const row of versions) {
    if (row.values["IsLatest"] === true) {
      writer.org
        .rows("ContentVersion")
        .update(row, writer.stamp, { ...row.values, IsLatest: false });
    }
  }
  const row = writer.org.rows("ContentDocument").byId(String(document));
  const changes = { ...shared(values), LatestPublishedVersionId: id };
  if (row !== undefined) platformUpdate(writer, "ContentDocument", row, changes);
}

/** What a document says of its newest version. */
function shared(values: Values): Values {
  const names = [
    "Title",
    "Description",
    "OwnerId",
    "PublishStatus",
    "FileType",
    "FileExtension",
    "ContentSize",
    "SharingOption",
    "SharingPrivacy",
    "ContentModifiedDate",
  ];
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

/** A document is as old as its first version says. */
function stamps(values: Values): Values {
  const names = ["CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById"];
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

/** Links a new document to its owner and to the record it was published at. */
function publish({ writer }: RuleCall, values: Values): void {
  if (values["VersionNumber"] !== "1") return;
  const { ContentDocumentId: document, OwnerId: owner, FirstPublishLocationId: place } = values;
  linkTo(writer, document, owner, "I");
  if (typeof place === "string" && place !== owner) linkTo(writer, document, place, "V");
}

/** Renaming the latest version renames its document. */
function carryTitle({ writer, given }: RuleCall, values: Values): void {
  if (values["IsLatest"] !== true) return;
  const row = writer.org.rows("ContentDocument").byId(String(values["ContentDocumentId"]));
  const names = ["Title", "Description"].filter((name) => given[name] !== undefined);
  if (row === undefined || names.length === 0) return;
  const changes = Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
  platformUpdate(writer, "ContentDocument", row, changes);
}

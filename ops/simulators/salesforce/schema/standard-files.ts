import type { FieldFacts } from "./field.ts";
import { createOnly, lookup, owner, picklist, readOnly, required } from "./field-facts.ts";
import type { ObjectFacts } from "./sobject.ts";

/** Records that files may be linked to, custom objects besides. */
const linked = ["Account", "Case", "Contact", "Event", "Task", "User"];
const restricted = { restricted: true } as const;

/** What a version and its document both say about the file. */
const derived: FieldFacts[] = [
  picklist("PublishStatus", ["P", "R", "U"], { ...readOnly, ...restricted, length: 40 }),
  { name: "FileType", type: "string", length: 20, ...readOnly },
  { name: "ContentSize", type: "int", precision: 9, ...readOnly },
  { name: "FileExtension", type: "string", length: 40, ...readOnly },
  picklist("SharingOption", ["A", "R"], { ...restricted, length: 40, defaultValue: "A" }),
  picklist("SharingPrivacy", ["N", "P"], { ...restricted, length: 40, defaultValue: "N" }),
];

/** Versions of files: Object Reference, "ContentVersion" (200,000 a day; no delete among its calls). */
const contentVersion: ObjectFacts = {
  name: "ContentVersion",
  keyPrefix: "068",
  refuses: ["delete", "undelete"],
  fields: [
    lookup("ContentDocument", ["ContentDocument"], {
      ...createOnly,
      ...required,
      defaulted: true,
      deleteRule: "cascade",
      childRelationship: "ContentVersions",
    }),
    { name: "IsLatest", type: "boolean", ...readOnly },
    { name: "ContentUrl", type: "url", length: 1_300 },
    lookup("ContentBody", ["ContentBody"], readOnly),
    { name: "VersionNumber", type: "string", length: 20, ...readOnly },
    { name: "Title", type: "string", ...required, defaulted: true, nameField: true },
    { name: "Description", type: "textarea", length: 1_000 },
    { name: "ReasonForChange", type: "string", length: 1_000 },
    { name: "PathOnClient", type: "string", length: 500, ...createOnly },
    ...derived,
    { name: "VersionData", type: "base64", ...createOnly },
    lookup("FirstPublishLocation", linked, {
      ...createOnly,
      deleteRule: "keep",
      reachesCustom: true,
    }),
    picklist("Origin", ["C", "H"], {
      ...createOnly,
      ...restricted,
      length: 40,
      defaulted: true,
      defaultValue: "C",
    }),
    picklist("ContentLocation", ["S", "E", "L"], {
      ...createOnly,
      ...restricted,
      length: 40,
      defaulted: true,
      defaultValue: "S",
    }),
    { name: "TextPreview", type: "string", ...readOnly },
    { name: "Checksum", type: "string", length: 50, ...readOnly },
    { name: "IsMajorVersion", type: "boolean", ...createOnly, defaultValue: true },
    { name: "IsAssetEnabled", type: "boolean" },
    owner(["User"]),
    { name: "ContentModifiedDate", type: "datetime", ...createOnly, defaulted: true },
    lookup("ContentModifiedBy", ["User"], readOnly),
  ],
};

/** Files as such: Object Reference, "ContentDocument" (made by their first version only). */
const contentDocument: ObjectFacts = {
  name: "ContentDocument",
  keyPrefix: "069",
  refuses: ["create"],
  fields: [
    { name: "Title", type: "string", ...required, nameField: true },
    { name: "Description", type: "textarea", length: 1_000 },
    { name: "IsArchived", type: "boolean" },
    owner(["User"]),
    lookup("LatestPublishedVersion", ["ContentVersion"], { ...readOnly, deleteRule: "keep" }),
    ...derived,
    { name: "ContentModifiedDate", type: "datetime", ...readOnly },
  ],
};

/** Where a file is shown: Object Reference, "ContentDocumentLink" (neither upsert nor undelete among its calls). */
const contentDocumentLink: ObjectFacts = {
  name: "ContentDocumentLink",
  keyPrefix: "06A",
  stamps: "modstamp",
  refuses: ["undelete"],
  fields: [
    lookup("LinkedEntity", [...linked, "Organization"], {
      ...createOnly,
      ...required,
      deleteRule: "cascade",
      reachesCustom: true,
      childRelationship: "ContentDocumentLinks",
    }),
    lookup("ContentDocument", ["ContentDocument"], {
      ...createOnly,
      ...required,
      deleteRule: "cascade",
      childRelationship: "ContentDocumentLinks",
    }),
    picklist("ShareType", ["V", "C", "I"], { ...restricted, length: 40 }),
    picklist("Visibility", ["AllUsers", "InternalUsers", "SharedUsers"], {
      ...restricted,
      length: 40,
    }),
  ],
};

/** Files, their versions and where they are shown. */
export const fileObjects: readonly ObjectFacts[] = [
  contentVersion,
  contentDocument,
  contentDocumentLink,
];

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "../../../pipeline/mapping/file-name.ts";
import { anAttachment } from "../../document-builders.ts";
import { fieldsOf, mapped, recordOf } from "../default-mappings.ts";

const version = { object: "ContentVersion" } as const;
const link = { object: "ContentDocumentLink" } as const;

test("a file goes by its hash and size, under its name, with both of its types kept", () => {
  const file = { sha256: "b".repeat(64), size: 12, mime_detected: "image/png" };
  const fields = fieldsOf(
    "attachment",
    anAttachment({ file, mime_type: "application/pdf" }),
    version,
  );
  expect(fields).toMatchObject({
    Title: "IMG_0001",
    PathOnClient: "IMG_0001.jpg",
    VersionData: `sha256:${"b".repeat(64)}:12`,
    Original_Mime_Type__c: "application/pdf",
    Detected_Mime_Type__c: "image/png",
  });
});

test("the same name twice on one job is two files", () => {
  const keys = ["1", "2"].map((id) => recordOf("attachment", anAttachment({ id }), version).key);
  expect(new Set(keys).size).toBe(2);
});

test.each([
  ["no bytes at all", { file: null, file_problem: "missing" }, "FILE_MISSING"],
  ["a download that failed", { file: null, file_problem: "unreachable" }, "FILE_MISSING"],
  ["0 bytes", { file: { sha256: "c".repeat(64), size: 0, mime_detected: null } }, "FILE_EMPTY"],
])("a file of %s is rejected, and nothing is linked", (_, changes, code) => {
  expect(mapped("attachment", anAttachment(changes), version)).toMatchObject({
    kind: "rejected",
    error: { code, object: "ContentVersion" },
  });
  expect(recordOf("attachment", anAttachment(changes), link)).toMatchObject({
    operation: "delete",
    delete_reason: "no_row",
  });
});

test.each([
  [{ job_id: "5", contact_id: null, customer_id: "1" }, "job-5"],
  [{ job_id: null, contact_id: "6", customer_id: "1" }, "contact-6"],
  [{ job_id: null, contact_id: null, customer_id: "1" }, "customer-1"],
])("a file that hangs on %j is linked to %s", (parent, key) => {
  const record = recordOf("attachment", anAttachment(parent), link);
  expect(record.fields).toMatchObject({
    ContentDocumentId: "attachment-91",
    LinkedEntityId: key,
  });
});

test.each([
  ["..\\photos/2025:03/IMG_1.jpg", null, "_photos_2025_03_IMG_1.jpg"],
  ["scan", "application/pdf", "scan.pdf"],
  ["scan.v2final", "application/pdf; charset=binary", "scan.v2final.pdf"],
  ["Mr. Smith", "image/jpeg", "Mr. Smith.jpg"],
  ["drawing.DWG", "application/octet-stream", "drawing.DWG"],
  ["con.txt", null, "_con.txt"],
  ["tab\tand\u0000nul.txt", null, "tab_and_nul.txt"],
  ["...", null, "file"],
])("the name %j of type %j is %j", (given, type, name) => {
  expect(fileName(given, [type])).toBe(name);
});

test("any name comes out as one every system takes, and a second time the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
      const name = fileName(given, ["image/png"]);
      expect(name.length).toBeGreaterThan(0);
      expect(name.length).toBeLessThanOrEqual(255);
      // oxlint-disable-next-line no-control-regex -- these are what no name may hold
      expect(name).not.toMatch(/[/\\:*?"<>|\u0000-\u001f]/);
      expect(fileName(name, ["image/png"])).toBe(name);
    }),
  );
});

test("a file without a name is called by its id", () => {
  const fields = fieldsOf("attachment", anAttachment({ file_name: " " }), version);
  expect(fields["PathOnClient"]).toBe("file-91.jpg");
});

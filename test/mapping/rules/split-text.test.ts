import { expect, test } from "vitest";
import type { MappingSettings } from "../../../pipeline/mapping/settings.ts";
import { aNote } from "../../document-builders.ts";
import { mapped, recordOf } from "../default-mappings.ts";

const comment = { object: "CaseComment" } as const;
const withoutAudit = { audit_fields: false } as const;

function bodies(changes: Parameters<typeof aNote>[0], settings: Partial<MappingSettings> = {}) {
  const { rows } = recordOf("note", aNote(changes), { ...comment, settings });
  return rows?.map((row) => row["CommentBody"]);
}

test("a note on a job is a comment of its case, author and time in the fields the org grants", () => {
  expect(recordOf("note", aNote({ visibility: "customer" }), comment)).toMatchObject({
    key: "note-81",
    operation: "upsert",
    fields: {
      ParentId: "job-1001",
      IsPublished: true,
      CreatedById: "user-3",
      CreatedDate: Date.UTC(2026, 0, 20, 14),
    },
    rows: [{ CommentBody: "Valve replaced." }],
  });
});

test("without audit fields, author and time stand above the words; also where only a name is known", () => {
  const above = "Tess Ray, 2026-01-20 14:00:00 UTC\nValve replaced.";
  expect(bodies({}, withoutAudit)).toEqual([above]);
  expect(bodies({ author_id: null })).toEqual([above]);
  expect(bodies({ author_name: null }, withoutAudit)).toEqual([
    "3, 2026-01-20 14:00:00 UTC\nValve replaced.",
  ]);
});

test("a long note is several rows whose marks and signature are counted in the bytes", () => {
  const parts = bodies({ body: "mañana ".repeat(1000) }, withoutAudit) as string[];
  expect(parts).toHaveLength(3);
  expect(parts[0]).toMatch(/^\(1\/3\) Tess Ray, 2026-01-20 14:00:00 UTC\nmañana/);
  for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(4000);
});

test("markup is no part of a comment, and a text that looks like markup stays where it is text", () => {
  const html =
    '<p>Hot <b>water</b></p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:x">open</a>';
  expect(bodies({ body: html, format: "html" })).toEqual(["Hot water\nopen"]);
  expect(bodies({ body: "**Hot** [water](https://x.example)", format: "markdown" })).toEqual([
    "Hot water (https://x.example)",
  ]);
  expect(bodies({ body: "a <b>  **c**\r\n d", format: "text" })).toEqual(["a <b>  **c**\r\n d"]);
  expect(bodies({ body: "<script>alert(1)</script>", format: "html" })).toEqual(["(no text)"]);
});

test("a changed part changes the record's hash", () => {
  const hash = (body: string) => recordOf("note", aNote({ body }), comment).hash;
  expect(hash("Valve replaced. ")).toBe(hash("Valve replaced."));
  expect(hash("Valve replaced!")).not.toBe(hash("Valve replaced."));
});

test("every note is a comment or a file, never both and never neither", () => {
  const long = "word ".repeat(2000);
  const huge = `<p>${"word ".repeat(400_000)}</p>`;
  const cases: [Parameters<typeof aNote>[0], Partial<MappingSettings>, "comment" | "file"][] = [
    [{}, {}, "comment"],
    [{ body: long }, {}, "comment"],
    [{ body: long }, { long_notes: "file" }, "file"],
    [{ body: "x".repeat(4000) }, { long_notes: "file" }, "comment"],
    [{ body: huge, format: "html" }, {}, "file"],
    [{ parent_type: "customer", job_id: null }, {}, "file"],
    [{ parent_type: "invoice" }, { long_notes: "file" }, "file"],
  ];
  for (const [changes, settings, place] of cases) {
    const rows = ["CaseComment", "ContentVersion", "ContentDocumentLink"].map(
      (object) => recordOf("note", aNote(changes), { object, settings }).operation,
    );
    expect(rows).toEqual(
      place === "comment" ? ["upsert", "delete", "delete"] : ["delete", "upsert", "upsert"],
    );
  }
});

test("a note that is no comment is a text file, linked to what it hangs on", () => {
  const note = aNote({ parent_type: "contact", job_id: null, contact_id: "5", id: "OLD/9" });
  const file = recordOf("note", note, { object: "ContentVersion", settings: withoutAudit });
  expect(file.fields).toMatchObject({
    Title: "note-OLD_9",
    PathOnClient: "note-OLD_9.txt",
    VersionData: "text:Tess Ray, 2026-01-20 14:00:00 UTC\nValve replaced.",
    Original_Mime_Type__c: "text/plain",
  });
  expect(recordOf("note", note, { object: "ContentDocumentLink" }).fields).toEqual({
    ContentDocumentId: file.key,
    LinkedEntityId: "contact-5",
    ShareType: "V",
    Visibility: "InternalUsers",
  });
});

test("who may see a note is never guessed", () => {
  expect(mapped("note", aNote({ visibility: "partner" }), comment)).toMatchObject({
    kind: "rejected",
    error: { code: "VALUE_NOT_IN_TABLE", field: "visibility" },
  });
});

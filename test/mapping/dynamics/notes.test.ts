import { expect, test } from "vitest";
import { anAttachment, aNote } from "../../document-builders.ts";
import { mappedInto, rowOf } from "./mapped-rows.ts";

const note = (changes: Parameters<typeof aNote>[0] = {}, settings = {}) =>
  rowOf("annotation", "note", aNote(changes), settings);

test("a note says who wrote it and when, unless the environment can", () => {
  expect(note()).toMatchObject({
    objectid: "job-1001",
    subject: "Note",
    notetext: "<p><strong>Tess Ray, 2026-01-20 14:00:00 UTC</strong></p><p>Valve replaced.</p>",
    documentbody: null,
  });
  expect(note({}, { audit_fields: true })).toMatchObject({
    createdby: "user-3",
    notetext: "<p>Valve replaced.</p>",
  });
  expect(note({ visibility: "customer" })).toMatchObject({ subject: "Note shown to the customer" });
});

test("a note hangs on its job, else its contact, else its customer, and names any other parent", () => {
  expect(note({}, { edition: "professional" })).toMatchObject({ objectid: "job-1001" });
  const ofContact = { parent_type: "contact", parent_id: "5", contact_id: "5", job_id: null };
  expect(note(ofContact)).toMatchObject({ objectid: "contact-5" });
  const ofSite = { parent_type: "location", parent_id: "9", job_id: null };
  expect(note(ofSite)).toMatchObject({
    objectid: "customer-1",
    notetext: expect.stringMatching(/<p>Parent kind: location<br>Source parent: 9<\/p>$/) as string,
  });
});

test("hostile HTML loses what runs and keeps what formats", () => {
  const body = '<p onclick="x()">Ring <b>twice</b><script>alert(1)</script></p>';
  expect(note({ body, format: "html" }, { audit_fields: true })).toMatchObject({
    notetext: "<p>Ring <b>twice</b></p>",
  });
});

test("a text too long for a note is the note's file", () => {
  const body = `<p>${"Checked and cleaned. ".repeat(10_000)}</p>`;
  const fields = note({ body, format: "html" });
  expect(String(fields["notetext"]).length).toBeLessThan(2_000);
  expect(fields["notetext"]).toContain("The whole text is in the attached file.");
  expect(fields).toMatchObject({ filename: "note-81.txt", mimetype: "text/plain" });
  expect(String(fields["documentbody"]).length).toBeGreaterThan(200_000);
  expect(fields["documentbody"]).toMatch(/^text:Tess Ray, .*\nChecked and cleaned\. Checked/);
});

test("a note of a table of ours keeps author, time and visibility in columns", () => {
  const row = rowOf("qd_servicenote", "note", aNote(), { notes: "table" });
  expect(row).toMatchObject({
    qd_sourcekey: "note-81",
    qd_serviceorder: "job-1001",
    qd_body: "<p>Valve replaced.</p>",
    qd_authorname: "Tess Ray",
    qd_visibility: "internal",
  });
});

test("a file is a note with its bytes, its name and its type", () => {
  expect(rowOf("annotation", "attachment", anAttachment())).toMatchObject({
    objectid: "job-1001",
    subject: "IMG_0001",
    filename: "IMG_0001.jpg",
    mimetype: "image/jpeg",
    documentbody: `sha256:${"a".repeat(64)}:3`,
    notetext:
      "<p>Kind: photo<br>Taken: 2026-01-20 14:00:00 UTC<br>Original name: IMG_0001.jpg<br>Detected type: image/jpeg</p>",
  });
  const lost = anAttachment({ file: null, file_problem: "missing" });
  expect(mappedInto("annotation", "attachment", lost)).toMatchObject({
    error: { code: "FILE_MISSING" },
  });
  const named = anAttachment({ file_name: "<img src=x onerror=1>.jpg" });
  expect(rowOf("annotation", "attachment", named)["notetext"]).toContain(
    "Original name: &lt;img src=x onerror=1&gt;.jpg",
  );
});

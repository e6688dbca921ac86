import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, type OrgClient, openOrgClient } from "../org-client.ts";
import { type Rows, rowsOf } from "../rows.ts";

let org: OrgClient;
let rows: Rows;
let job = "";
beforeAll(async () => {
  org = await openOrgClient();
  rows = rowsOf(org);
  job = await rows.create("Case", { Subject: "Boiler" });
});
afterAll(() => org.close());

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const md5 = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

async function bytesOf(id: string): Promise<Buffer> {
  const url = `${org.ready.http}/services/data/v59.0/sobjects/ContentVersion/${id}/VersionData`;
  const reply = await fetch(url, { headers: { authorization: `Bearer ${org.token}` } });
  expect(reply.status).toBe(200);
  return Buffer.from(await reply.arrayBuffer());
}

/** Sends parts as they are given: `[headers, body]`. */
async function sendParts(path: string, parts: readonly [string, Buffer][]): Promise<Answer> {
  const pieces = parts.flatMap(([head, body]) => [
    Buffer.from(`--frontier\r\n${head}\r\n\r\n`),
    body,
    Buffer.from("\r\n"),
  ]);
  const reply = await fetch(`${org.ready.http}/services/data/v59.0${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${org.token}`,
      "content-type": 'multipart/form-data; boundary="frontier"',
    },
    body: Buffer.concat([...pieces, Buffer.from("--frontier--\r\n")]),
  });
  const text = await reply.text();
  return { status: reply.status, text, json: JSON.parse(text), headers: reply.headers };
}

const jsonPart = (name: string, value: object): [string, Buffer] => [
  `Content-Disposition: form-data; name="${name}"\r\nContent-Type: application/json`,
  Buffer.from(JSON.stringify(value)),
];
const filePart = (name: string, bytes: Buffer, type = "image/jpeg"): [string, Buffer] => [
  `Content-Disposition: form-data; name="${name}"; filename="f.bin"\r\nContent-Type: ${type}`,
  bytes,
];
const documentOf = async (version: string): Promise<string> =>
  (await rows.read("ContentVersion", version)).ContentDocumentId;

test("a version by JSON makes its document, its links and everything that follows from name and bytes", async () => {
  const id = await rows.create("ContentVersion", {
    PathOnClient: "C:\\jobs\\Leak Photo.JPG",
    VersionData: base64("hello"),
    FirstPublishLocationId: job,
  });
  const version = await rows.read("ContentVersion", id);
  expect(version).toMatchObject({
    Title: "Leak Photo",
    FileExtension: "jpg",
    FileType: "JPG",
    ContentSize: 5,
    Checksum: md5(Buffer.from("hello")),
    VersionNumber: "1",
    IsLatest: true,
    PublishStatus: "P",
    Origin: "C",
    ContentLocation: "S",
    VersionData: `/services/data/v59.0/sobjects/ContentVersion/${id}/VersionData`,
  });
  expect((await bytesOf(id)).toString()).toBe("hello");
  const links = await rows.select(
    `SELECT LinkedEntityId, ShareType FROM ContentDocumentLink WHERE ContentDocumentId = '${version.ContentDocumentId}'`,
  );
  expect(links).toHaveLength(2);
  expect(links).toContainEqual(expect.objectContaining({ LinkedEntityId: job, ShareType: "V" }));
  expect(links).toContainEqual(
    expect.objectContaining({ LinkedEntityId: version.OwnerId, ShareType: "I" }),
  );
});

test("a multipart file is taken with either part first, and arrives byte for byte", async () => {
  const bytes = Buffer.concat([Buffer.from("\r\n--frontie"), Buffer.alloc(300_000, "\r\n--x")]);
  const entity = { PathOnClient: "übersicht.pdf", Title: "Übersicht" };
  const orders: [string, Buffer][][] = [
    [jsonPart("entity_content", entity), filePart("VersionData", bytes, "application/pdf")],
    [filePart("VersionData", bytes, "application/json"), jsonPart("ContentVersion", entity)],
  ];
  for (const parts of orders) {
    const { status, json } = await sendParts("/sobjects/ContentVersion", parts);
    expect([status, json.success]).toEqual([201, true]);
    expect((await bytesOf(json.id)).equals(bytes)).toBe(true);
    expect(await rows.read("ContentVersion", json.id)).toMatchObject({
      FileType: "PDF",
      ContentSize: bytes.length,
      Title: "Übersicht",
    });
  }
});

test("a collection takes its files from the parts its rows name", async () => {
  const record = (n: number): object => ({
    attributes: {
      type: "ContentVersion",
      binaryPartName: `file${n}`,
      binaryPartNameAlias: "VersionData",
    },
    PathOnClient: `${n}.txt`,
  });
  const { status, json } = await sendParts("/composite/sobjects", [
    jsonPart("collection", { allOrNone: false, records: [record(1), record(2)] }),
    filePart("file1", Buffer.from("one"), "text/plain"),
    filePart("file2", Buffer.from("two"), "text/plain"),
  ]);
  expect([status, json[0].success, json[1].success]).toEqual([200, true, true]);
  expect((await bytesOf(json[1].id)).toString()).toBe("two");
});

test("a new version of a document becomes the latest; bytes of a version never change", async () => {
  const file = { PathOnClient: "a.txt", VersionData: base64("one") };
  const first = await rows.create("ContentVersion", file);
  const document = await documentOf(first);
  const second = await rows.create("ContentVersion", {
    ...file,
    VersionData: base64("two"),
    ContentDocumentId: document,
  });
  expect(await rows.read("ContentVersion", first)).toMatchObject({ IsLatest: false });
  expect(await rows.read("ContentVersion", second)).toMatchObject({
    VersionNumber: "2",
    IsLatest: true,
    ContentDocumentId: document,
  });
  expect(await rows.read("ContentDocument", document)).toMatchObject({
    LatestPublishedVersionId: second,
  });
  const change = await rows.update("ContentVersion", second, { VersionData: base64("three") });
  expect(change.json[0].errorCode).toBe("INVALID_FIELD_FOR_INSERT_UPDATE");
  const both = { ...file, ContentDocumentId: document, FirstPublishLocationId: job };
  expect(await rows.refusal("ContentVersion", both)).toMatchObject({
    errorCode: "INVALID_FIELD_FOR_INSERT_UPDATE",
  });
});

test("a file without bytes, without a name or with broken base64 is refused", async () => {
  const lacking = { errorCode: "REQUIRED_FIELD_MISSING" };
  expect(await rows.refusal("ContentVersion", { PathOnClient: "a.txt" })).toMatchObject(lacking);
  const empty = { PathOnClient: "a.txt", VersionData: "" };
  expect(await rows.refusal("ContentVersion", empty)).toMatchObject(lacking);
  const nameless = { VersionData: base64("x") };
  expect(await rows.refusal("ContentVersion", nameless)).toMatchObject(lacking);
  const broken = { PathOnClient: "a.txt", VersionData: "no base64!" };
  expect(await rows.refusal("ContentVersion", broken)).toMatchObject({
    errorCode: "JSON_PARSER_ERROR",
  });
  const { json } = await sendParts("/sobjects/ContentVersion", [
    jsonPart("entity_content", { PathOnClient: "a.txt" }),
    filePart("VersionData", Buffer.alloc(0)),
  ]);
  expect(json[0]).toMatchObject(lacking);
});

test("a document is linked to a record once, to view; only a version makes one, and a version is not deleted alone", async () => {
  const version = await rows.create("ContentVersion", {
    PathOnClient: "a.txt",
    VersionData: base64("x"),
  });
  const link = { ContentDocumentId: await documentOf(version), LinkedEntityId: job };
  expect(await rows.refusal("ContentDocumentLink", { ...link, ShareType: "C" })).toMatchObject({
    errorCode: "FIELD_INTEGRITY_EXCEPTION",
  });
  const shared = { ...link, ShareType: "V", Visibility: "SharedUsers" };
  expect(await rows.refusal("ContentDocumentLink", shared)).toMatchObject({
    errorCode: "FIELD_INTEGRITY_EXCEPTION",
  });
  const id = await rows.create("ContentDocumentLink", { ...link, ShareType: "V" });
  expect(await rows.refusal("ContentDocumentLink", { ...link, ShareType: "V" })).toMatchObject({
    errorCode: "DUPLICATE_VALUE",
  });
  expect((await rows.update("ContentDocumentLink", id, { Visibility: "AllUsers" })).status).toBe(
    204,
  );
  expect(await rows.refusal("ContentDocument", { Title: "x" })).toMatchObject({
    errorCode: "INVALID_TYPE_FOR_OPERATION",
  });
  expect((await rows.remove("ContentVersion", version)).json[0].errorCode).toBe(
    "INVALID_TYPE_FOR_OPERATION",
  );
});

test("deleting a document takes versions, links and, when the bin is emptied, bytes; deleting a record leaves the document", async () => {
  const place = await rows.create("Case", {});
  const version = await rows.create("ContentVersion", {
    PathOnClient: "a.txt",
    VersionData: base64("to be gone"),
    FirstPublishLocationId: place,
  });
  const document = await documentOf(version);
  await rows.remove("Case", place);
  expect(await rows.read("ContentDocument", document)).toMatchObject({ Id: document });
  const links = `SELECT Id FROM ContentDocumentLink WHERE ContentDocumentId = '${document}'`;
  expect(await rows.select(links)).toHaveLength(1);
  const used = async (): Promise<number> =>
    (await org.rest("GET", "/limits")).json.FileStorageMB.Remaining;
  const before = await used();
  expect((await rows.remove("ContentDocument", document)).status).toBe(204);
  expect((await org.rest("GET", `/sobjects/ContentVersion/${version}`)).status).toBe(404);
  expect(await rows.select(links)).toEqual([]);
  await org.admin("POST", "clock", { advance_ms: 16 * 86_400_000 });
  await org.signIn();
  expect(await used()).toBeGreaterThanOrEqual(before);
  const gone = await org.rest("GET", `/sobjects/ContentVersion/${version}/VersionData`);
  expect(gone.status).toBe(404);
});

test("file storage has a ceiling, versions a daily quota, and a JSON body above 50 MB is refused with 413", async () => {
  const file = { PathOnClient: "a.txt", VersionData: base64("x".repeat(2_000_000)) };
  await org.admin("POST", "settings", { limits: { FileStorageMB: 1 } });
  expect(await rows.refusal("ContentVersion", file)).toMatchObject({
    errorCode: "STORAGE_LIMIT_EXCEEDED",
  });
  await org.admin("POST", "settings", { limits: { FileStorageMB: 10, DailyContentVersions: 0 } });
  expect(await rows.refusal("ContentVersion", file)).toMatchObject({ errorCode: "LIMIT_EXCEEDED" });
  await org.admin("POST", "settings", { limits: { DailyContentVersions: 200_000 } });
  const large = await org.rest("POST", "/sobjects/ContentVersion", {
    ...file,
    VersionData: "A".repeat(50 * 1024 * 1024),
  });
  expect(large.status).toBe(413);
});

test("files outlive a restart, what a cut upload left does not", async () => {
  const id = await rows.create("ContentVersion", {
    PathOnClient: "a.txt",
    VersionData: base64("stays"),
  });
  writeFileSync(join(org.folder, "files", "cut.part"), "half");
  await org.restart();
  await org.signIn();
  expect((await bytesOf(id)).toString()).toBe("stays");
  expect(readdirSync(join(org.folder, "files"))).not.toContain("cut.part");
});

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blobPath } from "../../../pipeline/stage/blob-folder.ts";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { aRow, lookup, planOf, text, type Writing, writing } from "./writing.ts";

let env: Writing;
let account: string;
beforeAll(async () => {
  env = await writing();
  account = await env.raw.create("accounts", { name: "Owner of files" });
  await env.raw.admin("POST", "settings", { maxUploadBytes: 20_000_000 });
});
afterAll(() => env.close());

const note = planOf(
  "annotation",
  [
    text("subject"),
    text("filename"),
    text("mimetype"),
    { name: "documentbody", type: "file" },
    lookup("objectid", "account"),
  ],
  { identity: "primary_key", keyField: "" },
);
const idOf = (key: string): string => rowGuid("annotation", key);

/** Puts bytes into the blob folder and returns the value that names them. */
function blob(bytes: Buffer): string {
  const hex = createHash("sha256").update(bytes).digest("hex");
  const path = blobPath(env.blobFolder, hex);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return `sha256:${hex}:${bytes.length}`;
}
const fileRow = (key: string, bytes: Buffer, name = `${key}.jpg`) =>
  aRow(key, {
    subject: key,
    filename: name,
    mimetype: "image/jpeg",
    documentbody: blob(bytes),
    objectid: account,
  });
const sha = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const stored = async (key: string): Promise<string> => {
  const row = await env.row("annotations", idOf(key));
  return sha(Buffer.from(row.documentbody, "base64"));
};

test("small files go within their notes, several to a call, with name and kind", async () => {
  const files = Array.from({ length: 20 }, (_, at) => Buffer.alloc(50_000, at));
  const rows = files.map((bytes, at) => fileRow(`small-${at}`, bytes, `Résumé #${at} 100%.jpg`));
  const calls = await env.counted(async () => {
    const results = await env.send(note, "insert", rows);
    expect([...results.values()].every(({ kind }) => kind === "created")).toBe(true);
  });
  expect(calls["batch"]).toBe(1);
  expect(await stored("small-7")).toBe(sha(files[7] as Buffer));
  expect(await env.row("annotations", idOf("small-7"))).toMatchObject({
    filename: "Résumé #7 100%.jpg",
    mimetype: "image/jpeg",
    filesize: 50_000,
  });
});

test("a large file goes by blocks and arrives byte for byte, also when it replaces another", async () => {
  const bytes = Buffer.alloc(9_500_000);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 31) % 251;
  const calls = await env.counted(async () => {
    const results = await env.send(note, "insert", [fileRow("large", bytes)]);
    expect(results.get("large")).toEqual({ kind: "created", destinationId: idOf("large") });
  });
  expect(calls["files"]).toBe(5);
  expect(await stored("large")).toBe(sha(bytes));
  const other = Buffer.concat([bytes, Buffer.from("more")]);
  const change = fileRow("large", other);
  const results = await env.send(note, "update", [env.changed(note, "large", change.fields)]);
  expect(results.get("large")?.kind).toBe("updated");
  expect(await stored("large")).toBe(sha(other));
});

test("a file over the organization's limit is refused by the limit and its name, its neighbours arrive", async () => {
  await env.raw.admin("POST", "settings", { maxUploadBytes: 60_000 });
  const rows = [fileRow("over", Buffer.alloc(60_001)), fileRow("within", Buffer.alloc(60_000))];
  const results = await env.send(note, "insert", rows, await env.another());
  expect(results.get("within")?.kind).toBe("created");
  expect(results.get("over")).toMatchObject({
    kind: "refused",
    code: "0x80044a02",
    field: "documentbody",
    message: expect.stringMatching(/over\.jpg has 60001 bytes.* 60000 .*maxuploadfilesize/),
  });
  await env.raw.admin("POST", "settings", { maxUploadBytes: 20_000_000 });
});

test("a kind of file the organization blocks is refused alone", async () => {
  const rows = [fileRow("exe", Buffer.from("x"), "run.exe"), fileRow("fine", Buffer.from("x"))];
  const results = await env.send(note, "insert", rows);
  expect(results.get("exe")).toMatchObject({ code: "0x80043e09", class: "refuse" });
  expect(results.get("fine")?.kind).toBe("created");
});

test("a file that is not in the blob folder is refused, and a note's words change without its bytes", async () => {
  const lost = {
    ...fileRow("lost", Buffer.from("x")).fields,
    documentbody: `sha256:${"0".repeat(64)}:3`,
  };
  expect((await env.send(note, "insert", [aRow("lost", lost)])).get("lost")).toMatchObject({
    code: "FILE_MISSING",
  });
  await env.send(note, "insert", [fileRow("words", Buffer.from("bytes"))]);
  const change = env.changed(note, "words", { subject: "Other words" });
  expect((await env.send(note, "update", [change])).get("words")?.kind).toBe("updated");
  expect(await env.row("annotations", idOf("words"))).toMatchObject({
    subject: "Other words",
    filesize: 5,
  });
});

test("an upload whose last reply is lost is of unknown fate", async () => {
  await env.raw.admin("POST", "faults", {
    rules: [{ match: { path: "CommitAnnotation" }, action: { kind: "drop_after" } }],
  });
  const sent = env.send(note, "insert", [fileRow("unknown", Buffer.alloc(3_000_000, 7))]);
  await expect(sent).rejects.toMatchObject({ code: "SINK_REPLY_LOST" });
  await env.raw.admin("DELETE", "faults");
});

test("files are deleted with their notes", async () => {
  await env.send(note, "insert", [fileRow("del", Buffer.from("x"))]);
  const results = await env.send(note, "delete", [env.changed(note, "del", {})]);
  expect(results.get("del")?.kind).toBe("deleted");
});

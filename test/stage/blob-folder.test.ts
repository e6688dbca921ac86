import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  BlobTooLarge,
  blobPath,
  clearUnfinished,
  keepBlob,
  writeBlob,
} from "../../pipeline/stage/blob-folder.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "cutover-blob-folder-"));

async function* parts(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

test("a stream stands under the SHA-256 of its bytes, with its size and its first bytes", async () => {
  const at = folder();
  const blob = await writeBlob(at, parts("x".repeat(500), "y".repeat(100)));
  const all = Buffer.from("x".repeat(500) + "y".repeat(100));
  expect(blob.sha256).toBe(createHash("sha256").update(all).digest("hex"));
  expect(blob.size).toBe(600);
  expect(blob.head.equals(all.subarray(0, 512))).toBe(true);
  expect(readFileSync(blobPath(at, blob.sha256)).equals(all)).toBe(true);
  expect(keepBlob(at, all)).toBe(blob.sha256);
});

test("nothing is kept of a stream that breaks off or is too long", async () => {
  const at = folder();
  await expect(writeBlob(at, parts("abc", "def"), 5)).rejects.toThrow(BlobTooLarge);
  const broken = (async function* () {
    yield Buffer.from("abc");
    throw new Error("reset");
  })();
  await expect(writeBlob(at, broken)).rejects.toThrow("reset");
  expect(readdirSync(at)).toEqual([".new"]);
  expect(readdirSync(join(at, ".new"))).toEqual([]);
});

test("what a process that is gone left unfinished is removed, what a living one writes is not", () => {
  const at = folder();
  mkdirSync(join(at, ".new"));
  writeFileSync(join(at, ".new", "99999999-0"), "half");
  writeFileSync(join(at, ".new", `${process.pid}-7`), "half");
  clearUnfinished(at);
  expect(readdirSync(join(at, ".new"))).toEqual([`${process.pid}-7`]);
});

test("a name that is no SHA-256 names no path", () => {
  expect(() => blobPath("/blobs", "../../etc/passwd")).toThrow(TypeError);
});

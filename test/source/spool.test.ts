import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Attachment } from "../../pipeline/core/generated/records.ts";
import type { FileState } from "../../pipeline/source/download.ts";
import { sniffedType } from "../../pipeline/source/sniff.ts";
import { blobPath } from "../../pipeline/stage/blob-folder.ts";
import { type FileTenant, fileTenant } from "./file-tenant.ts";

const signal = new AbortController().signal;
const png = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1");
const blobs = mkdtempSync(join(tmpdir(), "cutover-spool-"));
let tenant: FileTenant;

beforeEach(async () => {
  tenant = await fileTenant(blobs);
});

afterEach(() => tenant.close());

function row(id: string, path: string, more: Readonly<Record<string, unknown>> = {}) {
  const url = tenant.address(path);
  return { id, on: "job", of: "1", name: "a.png", url, changed: "2025-01-01T00:00:00Z", ...more };
}

/** The record that a row and its file became. */
function remember(id: string, url: string, state: FileState | undefined): void {
  const updated_at = Date.parse("2025-01-01T00:00:00Z");
  tenant.known.set(id, { id, size: null, updated_at, url, ...state } as Attachment);
}

const sha = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

test("bytes stand in the blob folder under their hash, with size and type as found", async () => {
  tenant.answers.set("/a", (req, res) => {
    expect(req.headers.authorization).toBeUndefined();
    res.writeHead(200, { "content-type": "text/html" }).end(png);
  });
  tenant.answers.set("/empty", (_, res) => res.writeHead(200).end());
  const { files } = await tenant.page(row("1", "/a?sig=1"), row("2", "/a"), row("3", "/empty"));
  const file = { sha256: sha(png), size: png.length, mime_detected: "image/png" };
  expect(files?.get("1")).toEqual({ file, file_problem: null });
  expect(files?.get("2")).toEqual({ file, file_problem: null });
  expect(files?.get("3")?.file).toMatchObject({ size: 0, mime_detected: null });
  expect(readFileSync(blobPath(blobs, sha(png))).equals(png)).toBe(true);
});

test("an expired address is asked for anew by id; one that is always expired is refused", async () => {
  tenant.answers.set("/old", (_, res) => res.writeHead(403).end());
  tenant.answers.set("/new", (_, res) => res.end(png));
  tenant.rows.set("1", row("1", "/new"));
  tenant.rows.set("2", row("2", "/old"));
  tenant.rows.set("3", row("3", "/new"));
  const past = { until: new Date(Date.now() - 60_000).toISOString() };
  const { files } = await tenant.page(
    ...[row("1", "/old"), row("2", "/old"), row("3", "/never", past), row("4", "/old")],
  );
  expect(files?.get("1")?.file?.sha256).toBe(sha(png));
  expect(files?.get("2")).toEqual({ file: null, file_problem: "refused" });
  expect(files?.get("3")?.file?.sha256).toBe(sha(png));
  expect(files?.get("4")).toEqual({ file: null, file_problem: "missing" });
  expect(tenant.asked).not.toContain("/never");
});

test("a file that is not there, too large, elsewhere or no address ends as what it is, and leaves nothing", async () => {
  const large = Buffer.alloc(5000);
  tenant.answers.set("/said", (_, res) => res.end(large));
  tenant.answers.set("/unsaid", (_, res) => res.writeHead(200, { trailer: "x" }).end(large));
  tenant.answers.set("/away", (_, res) => res.writeHead(302, { location: "/said" }).end());
  const elsewhere = { url: "https://elsewhere.example/a?sig=1" };
  const { files } = await tenant.page(
    ...[row("1", "/nowhere"), row("2", "/said"), row("3", "/unsaid"), row("4", "/away")],
    ...[
      row("5", "", elsewhere),
      row("6", "", { url: "http://h:8443E/" }),
      row("7", "", { url: null }),
    ],
  );
  const problems = ["1", "2", "3", "4", "5", "6", "7"].map((id) => files?.get(id)?.file_problem);
  expect(problems).toEqual([
    ...["missing", "too_large", "too_large", "refused", "refused", "refused", "missing"],
  ]);
  expect(readdirSync(join(blobs, ".new"))).toEqual([]);
});

test("a file that breaks off is fetched again; one that never comes whole is tried again when asked for by id", async () => {
  let attempt = 0;
  const cut = (res: Parameters<NonNullable<ReturnType<typeof tenant.answers.get>>>[1]): void => {
    res.writeHead(200, { "content-length": png.length });
    res.write(png.subarray(0, 5), () => res.destroy());
  };
  tenant.answers.set("/once", (_, res) => (attempt++ === 0 ? cut(res) : res.end(png)));
  tenant.answers.set("/never", (_, res) => cut(res));
  const { files } = await tenant.page(row("1", "/once"), row("2", "/never"));
  expect(files?.get("1")?.file?.sha256).toBe(sha(png));
  expect(files?.get("2")).toEqual({ file: null, file_problem: "unreachable" });
  remember("2", tenant.address("/never"), files?.get("2"));
  tenant.answers.set("/never", (_, res) => res.end(png));
  const again = await tenant.page(row("2", "/never"));
  expect(again.files?.get("2")?.file_problem).toBe("unreachable");
  tenant.rows.set("2", row("2", "/never"));
  const byId = await tenant.reader.one("2", signal);
  expect(byId?.files?.get("2")?.file?.sha256).toBe(sha(png));
});

test("what has been fetched is fetched again only where row or bytes are others", async () => {
  tenant.answers.set("/a", (_, res) => res.end(png));
  const first = await tenant.page(row("1", "/a?sig=1"));
  remember("1", tenant.address("/a?sig=1"), first.files?.get("1"));
  const same = await tenant.page(row("1", "/a?sig=2"));
  expect(same.files?.get("1")).toEqual(first.files?.get("1"));
  const dead = await tenant.page(row("1", "/a", { active: false }));
  expect(dead.files?.get("1")).toEqual(first.files?.get("1"));
  expect(tenant.asked).toEqual(["/a"]);
  await tenant.page(row("1", "/a", { changed: "2025-01-02T00:00:00Z" }));
  expect(tenant.asked).toEqual(["/a", "/a"]);
});

test("types are told by first bytes", () => {
  const type = (text: string): string | null => sniffedType(Buffer.from(text, "latin1"));
  expect(type("%PDF-1.7")).toBe("application/pdf");
  expect(type("PK\x03\x04 [Content_Types].xml word/document.xml")).toContain("wordprocessingml");
  expect(type("PK\x03\x04 a.bin")).toBe("application/zip");
  expect(type("a,b\n1,2")).toBe("text/plain");
  expect(type("\xff\xfe\0\x01")).toBeNull();
});

test("a file of 200 MB is never in memory", async () => {
  const child = join(import.meta.dirname, "spool-child.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [child, blobs, "200"]);
  const { file, grownMb } = JSON.parse(String(stdout.split("\n").at(-1)));
  expect(file).toMatchObject({ file: { size: 200_000_000 }, file_problem: null });
  expect(grownMb).toBeLessThan(120);
  rmSync(blobPath(blobs, file.file.sha256));
});

test("where addresses are not signed our token opens the source's files, renewed when it is refused", async () => {
  Object.assign(process.env, { FILE_TENANT_SECRET: "secret" });
  const auth = {
    type: "oauth2_client_credentials",
    ...{ token_url: "{base_url}/token", client_id: "us", client_secret: "${FILE_TENANT_SECRET}" },
  };
  const guarded = await fileTenant(blobs, { auth });
  let issued = 0;
  guarded.answers.set("/token", (_, res) => {
    issued += 1;
    res.end(JSON.stringify({ access_token: `token-${issued}`, expires_in: 900 }));
  });
  const opened =
    (by: RegExp) =>
    (req: IncomingMessage, res: ServerResponse): unknown =>
      by.test(req.headers.authorization ?? "") ? res.end(png) : res.writeHead(401).end();
  guarded.answers.set("/first", opened(/^Bearer token-1$/));
  guarded.answers.set("/renewed", opened(/^Bearer token-([2-9])$/));
  guarded.answers.set("/never", opened(/^Bearer another's$/));
  try {
    const at = (path: string) => row(path, path, { url: guarded.address(path) });
    const { files } = await guarded.page(at("/first"));
    expect(files?.get("/first")?.file?.sha256).toBe(sha(png));
    const later = await guarded.page(at("/renewed"), at("/never"));
    expect(later.files?.get("/renewed")?.file?.sha256).toBe(sha(png));
    expect(later.files?.get("/never")).toEqual({ file: null, file_problem: "refused" });
  } finally {
    await guarded.close();
  }
});

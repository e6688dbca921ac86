import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeEach, expect, test, vi } from "vitest";
import { loadProfile } from "../../pipeline/source/profile.ts";

const original = join(import.meta.dirname, "../../pipeline/source/profiles/export-feed.yaml");
const folder = mkdtempSync(join(tmpdir(), "cutover-profile-"));

beforeEach(() => {
  vi.stubEnv("QD_BASE_URL", "https://api.tenant.example");
  vi.stubEnv("QD_CLIENT_ID", "reader");
  vi.stubEnv("QD_CLIENT_SECRET", "hush-hush");
});

function faults(...changes: readonly (readonly [string, string])[]): string {
  const path = join(folder, "profile.yaml");
  const text = changes.reduce(
    (all, [from, to]) => all.replace(from, to),
    readFileSync(original, "utf8"),
  );
  writeFileSync(path, text);
  try {
    loadProfile(path);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("the shipped profile is valid, its defaults are in every stream, and its secret never prints", () => {
  const profile = loadProfile(original);
  expect(profile.streams.find(({ name }) => name === "jobs")).toMatchObject({
    by_id: "/jobs/{id}",
    page_size: 200,
    incremental: { lookback_window: 600_000 },
    deletes: { census: { path: "/jobs", max_drop: 0.2 } },
  });
  expect(`${inspect(profile, { depth: 9 })}${JSON.stringify(profile)}`).not.toContain("hush-hush");
});

test("every fault is named at once, with its place and what was probably meant", () => {
  const message = faults(
    ["page_size_param:", "page_sise_param:"],
    ["timeout: 30s", "timeout: soon"],
    ["client_secret: ${QD_CLIENT_SECRET}", "client_secret: hush-hush"],
    ["path: /export/zones", "path: export/zones"],
  );
  expect(message).toContain("profile.yaml is no source profile");
  expect(message).toContain(
    'defaults: there is no key page_sise_param: did you mean "page_size_param"?',
  );
  expect(message).toContain("source.timeout: soon is no duration; write 30s or PT10M");
  expect(message).toContain("source.auth.client_secret: a secret never stands in the file");
  expect(message).toContain("streams[0].path");
  expect(message).not.toContain("hush-hush");
});

test("a field the entity does not have, plain http and an unset variable are faults", () => {
  expect(faults(["title: $.summary", "titel: $.summary"])).toContain(
    'streams.jobs: job has no field titel: did you mean "title"?',
  );
  vi.stubEnv("QD_BASE_URL", "http://api.tenant.example");
  expect(faults()).toContain("source.base_url: use https");
  expect(faults(["${QD_CLIENT_SECRET}", "${QD_NOWHERE}"])).toContain("QD_NOWHERE");
});

import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planHash } from "../../pipeline/mapping/plan-hash.ts";
import { defaultFolder } from "./default-mappings.ts";

const migration = "migration: acme\nkafka: { brokers: a:9092 }\nsettings: { audit_fields: true }\n";

function aFolder(): {
  folder: string;
  edit: (file: string, change: (text: string) => string) => string;
} {
  const folder = mkdtempSync(join(tmpdir(), "cutover-plan-"));
  cpSync(defaultFolder, join(folder, "mappings"), { recursive: true });
  writeFileSync(join(folder, "migration.yaml"), migration);
  const edit = (file: string, change: (text: string) => string): string => {
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
    return planHash(folder);
  };
  return { folder, edit };
}

test("what was approved is bound: a changed mapping or setting is another plan", () => {
  const { folder, edit } = aFolder();
  const before = planHash(folder);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  const mapped = edit("mappings/case.yaml", (text) => text.replace("low: Low", "low: Medium"));
  const set = edit("migration.yaml", (text) => text.replace("true", "false"));
  expect(new Set([before, mapped, set]).size).toBe(3);
});

test("layout, comments, addresses, owners and state change no plan", () => {
  const { folder, edit } = aFolder();
  const before = planHash(folder);
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "state/cursor.yaml"), "a: 1");
  writeFileSync(join(folder, "owners.yaml"), "a: 1");
  expect(edit("mappings/case.yaml", (text) => `# a note\n${text}`)).toBe(before);
  expect(edit("migration.yaml", (text) => text.replace("a:9092", "b:9092"))).toBe(before);
  const lines = migration.trim().split("\n").toReversed();
  expect(edit("migration.yaml", () => lines.join("\n"))).toBe(before);
});

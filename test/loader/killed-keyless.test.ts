import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { aFile, aJob, aLink, aNote, gone, KeylessWorld } from "./keyless-world.ts";
import type { Said } from "./migration-world.ts";
import { ended, exitOf, expectEndedOnce, killedThrough, newest } from "./killed.ts";

const world = new KeylessWorld();
const jobs = Array.from({ length: 12 }, (_, n) => `job-${n}`);
/** What each place at which the loader dies leaves behind is different: all must end the same. */
const faults = [
  "loader.sent:kill@1",
  "loader.request_committed:kill@2",
  "loader.uploaded:kill@1",
  "loader.sent:kill@3",
  "loader.settling:kill@3",
  "files.unkeyed:kill@1",
  "files.uploaded:kill@1",
  "rows.sent:kill@1",
  "rows.sent:kill@2",
  "loader.settled:kill@3",
];

beforeAll(() => world.open());
afterAll(async () => {
  await world.close();
  await closeWatermarks();
});

/** New notes (many of them equal), files and links; some of the round before changed, moved or deleted. */
function round(n: number): Said[] {
  const job = (at: number): string => jobs[at % jobs.length] as string;
  const said: Said[] = [];
  for (let at = 0; at < 60; at += 1) {
    const parts = at % 3 === 0 ? ["same", "same", `part ${at % 4}`] : ["same"];
    said.push(aNote(`note-${n}-${at}`, job(at), ...parts));
  }
  for (let at = 0; at < 8; at += 1) {
    const key = `attachment-${n}-${at}`;
    said.push(aFile(key, world.file(`file ${n} ${at}`)), aLink(key, key, job(at)));
  }
  if (n === 0) return said;
  for (let at = 0; at < 30; at += 1) {
    const key = `note-${n - 1}-${at}`;
    if (at % 5 === 0) said.push(gone("CaseComment", key));
    else if (at % 5 === 1) said.push(aNote(key, job(at), "same", `added ${n}`));
    else if (at % 5 === 2) said.push(aNote(key, job(at + 1), "same"));
    else if (at % 5 === 3) said.push(aNote(key, job(at), `changed ${n}`));
  }
  for (let at = 0; at < 6; at += 1) {
    const key = `attachment-${n - 1}-${at}`;
    if (at % 3 === 0) said.push(aFile(key, world.file(`file ${n} again ${at}`)));
    else if (at % 3 === 1) said.push(aLink(key, key, job(at + 1)));
    else said.push(gone("ContentDocumentLink", key), gone("ContentVersion", key));
  }
  return said;
}

test("killed wherever it hurts, comments are the multiset that was said, links the pairs, files the bytes", async () => {
  const first = jobs.map(aJob);
  await world.say(...first);
  const all = [...first, ...(await killedThrough(world, faults, round))];
  const comments = newest(all, "CaseComment").flatMap(({ fields, rows = [] }) =>
    rows.map((row) => `${fields?.["ParentId"]}: ${row["CommentBody"]}`),
  );
  expect(await world.held("CaseComment")).toEqual(comments.sort());
  const pairs = newest(all, "ContentDocumentLink").map(
    ({ key, fields }) => `${key} on ${fields?.["LinkedEntityId"]}`,
  );
  expect(await world.held("ContentDocumentLink")).toEqual(pairs.sort());
  const files = newest(all, "ContentVersion").map(({ key, fields }) => [
    key,
    String(fields?.["VersionData"]).split(":")[1],
  ]);
  expect(new Map(await world.digests())).toEqual(new Map(files as [string, string][]));
  await expectEndedOnce(world, all.length);
}, 360_000);

test("the check sees what asking prevents: a loader that does not ask writes its comments twice", async () => {
  const said = Array.from({ length: 8 }, (_, n) => aNote(`note-blind-${n}`, "job-0", "blind"));
  await world.say(...said);
  expect(await exitOf(world.spawn("loader.sent:kill@1", { blind: true }))).toBe("SIGKILL");
  await ended(world, { blind: true });
  const held = (await world.held("CaseComment")).filter((each) => each === "job-0: blind");
  expect(held).toHaveLength(2 * said.length);
});

import { expect, test } from "vitest";
import { contentHash } from "../../pipeline/source/hash.ts";
import { aJob } from "../builders.ts";

const hash = contentHash("job", ["updated_at"]);
const own = (record: object): string => hash.own(record);
const whole = (record: object): string => hash.whole(hash.own(record), record);

test("payload, origin and volatile fields are no content", () => {
  const job = aJob();
  const same = { ...job, raw: "other", meta: { ...job.meta, read_at: 1 }, updated_at: 5 };
  expect(own(same)).toBe(own(job));
  expect(own({ ...job, title: "other" })).not.toBe(own(job));
});

test("members change the whole record, not its own part", () => {
  const job = aJob();
  const moved = { ...job, location: null };
  expect(own(moved)).toBe(own(job));
  expect(whole(moved)).not.toBe(whole(job));
});

import { expect, test } from "vitest";
import { PollPace } from "../../sinks/loader/poll-pace.ts";

/** Runs jobs that take 3 s and 1.5 ms a row, all closed at once, and counts the looks and the lateness. */
function run(pace: PollPace, jobs: readonly number[], begin: number) {
  let now = begin;
  const open = jobs.map((rows) => ({
    job: pace.follow(rows, now),
    endsAt: now + 3000 + rows * 1.5,
  }));
  let looks = 0;
  let late = 0;
  while (open.length > 0) {
    for (const each of [...open]) {
      if (pace.waitMs(each.job, now) > 0) continue;
      looks += 1;
      if (now < each.endsAt) {
        pace.runs(each.job, now);
        continue;
      }
      late = Math.max(late, now - each.endsAt);
      pace.ended(each.job, now, true);
      open.splice(open.indexOf(each), 1);
    }
    now += 50;
  }
  return { looks, late, now };
}

test("a load of many jobs costs little more than one look a job, and none of them waits long", () => {
  const pace = new PollPace();
  const first = run(pace, [5000], 0);
  const second = run(pace, [7500, 7500], first.now);
  const third = run(pace, [10_000, 10_000, 10_000, 10_000, 10_000], second.now);
  const fourth = run(pace, [10_000, 10_000, 10_000], third.now);
  const looks = [first, second, third, fourth].reduce((sum, { looks: n }) => sum + n, 0);
  expect(looks).toBeLessThanOrEqual(11 + 17);
  expect(Math.max(third.late, fourth.late)).toBeLessThan(2000);
});

test("a job that is held for minutes delays the news of the others by seconds only", () => {
  const pace = new PollPace();
  const held = pace.follow(100, 0);
  const other = pace.follow(100, 0);
  let now = 0;
  while (pace.waitMs(other, now) > 0) {
    if (pace.waitMs(held, now) <= 0) pace.runs(held, now);
    now += 50;
  }
  expect(now).toBeLessThanOrEqual(10_050);
});

test("a job that was held up for minutes does not keep the next ones waiting", () => {
  const pace = new PollPace();
  const ended = (rows: number, from: number, ms: number): void => {
    pace.ended(pace.follow(rows, from), from + ms, true);
  };
  ended(100, 0, 300);
  ended(100, 1000, 300);
  ended(200, 2000, 120_000);
  const next = pace.follow(150, 130_000);
  expect(pace.waitMs(next, 130_000)).toBeLessThan(1000);
});

test("jobs of about one size, whose times differ by chance, do not make a larger one look short", () => {
  const pace = new PollPace();
  pace.ended(pace.follow(5000, 0), 13_000, true);
  pace.ended(pace.follow(5031, 0), 10_200, true);
  const larger = pace.follow(10_000, 0);
  expect(pace.waitMs(larger, 0)).toBeGreaterThan(10_000);
  // Nor its own time, as if it had been held up.
  pace.ended(larger, 20_600, true);
  const next = pace.follow(10_000, 30_000);
  expect(pace.waitMs(next, 30_000)).toBeGreaterThan(15_000);
});

test("a first job that was held up costs the next at most the longest blind wait", () => {
  const pace = new PollPace();
  pace.ended(pace.follow(100, 0), 120_000, true);
  expect(pace.waitMs(pace.follow(100, 130_000), 130_000)).toBeLessThanOrEqual(20_000);
});

import { expect, test } from "vitest";
import { Turn } from "../../sinks/turn.ts";

test("turns go one after another in the order they were asked for, and only their holder ends one", async () => {
  const turn = new Turn<string>();
  const had: string[] = [];
  const take = (of: string) => turn.take(of).then(() => had.push(of));
  await take("a");
  const rest = [take("b"), take("c")];
  await take("a");
  turn.free("b");
  await Promise.resolve();
  expect(had).toEqual(["a", "a"]);
  turn.free("a");
  await rest[0];
  expect(had).toEqual(["a", "a", "b"]);
  turn.free("b");
  await rest[1];
  turn.free("c");
  await take("d");
  expect(had).toEqual(["a", "a", "b", "c", "d"]);
});

test("who waits for a turn is let go when all leave", async () => {
  const leaving = new AbortController();
  const turn = new Turn<string>(leaving.signal);
  await turn.take("a");
  const waiting = turn.take("b");
  leaving.abort();
  await waiting;
  await turn.take("c");
});

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";
import type { MigrationWorld, Said, TestDestination } from "./migration-world.ts";

type World = Pick<
  MigrationWorld<TestDestination>,
  "say" | "spawn" | "passed" | "outcomes" | "parked"
>;

/** Resolves with the exit signal or code of a child. */
export async function exitOf(child: ChildProcess): Promise<string | number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.signalCode ?? child.exitCode;
}

/**
 * Says a round before each fault, by which a loader dies, and lets a last loader end its work; all that
 * was said. A loader that ends its work in fewer steps than its fault counts is given another round.
 */
export async function killedThrough(
  world: World,
  faults: readonly string[],
  round: (n: number) => readonly Said[],
): Promise<readonly Said[]> {
  const all: Said[] = [];
  let rounds = 0;
  const say = async (): Promise<void> => {
    const said = round(rounds);
    rounds += 1;
    all.push(...said);
    await world.say(...said);
  };
  for (const fault of faults) {
    await say();
    const child = world.spawn(fault);
    while (!(await diesAtWork(world, child))) await say();
    expect(await exitOf(child), fault).toBe("SIGKILL");
  }
  await ended(world);
  return all;
}

/** Whether a child has ended before its work was. */
async function diesAtWork(world: World, child: ChildProcess): Promise<boolean> {
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const either = async (): Promise<boolean> => isOver() || (await world.passed());
  await expect.poll(either, { interval: 500 }).toBe(true);
  return isOver();
}

/** Lets a loader without faults end what there is, and stops it. */
export async function ended(world: World, options?: Parameters<World["spawn"]>[1]): Promise<void> {
  const last = world.spawn("", options);
  await expect.poll(() => world.passed(), { interval: 500 }).toBe(true);
  // A child read before its parent waits parked while offsets pass: its parent's end wakes it.
  await expect.poll(async () => [...(await world.parked())], { interval: 500 }).toEqual([]);
  last.kill("SIGTERM");
  expect(await exitOf(last)).toBe(0);
}

/** Every version said has one outcome, and none is parked. */
export async function expectEndedOnce(world: World, versions: number): Promise<void> {
  const ends = new Map<string, number>();
  for (const { object, key, version } of await world.outcomes()) {
    const name = `${object}|${key}|${version.offset}`;
    ends.set(name, (ends.get(name) ?? 0) + 1);
  }
  expect([...ends].filter(([, count]) => count !== 1)).toEqual([]);
  expect(ends.size).toBe(versions);
  expect([...(await world.parked())]).toEqual([]);
}

/** The newest of each record of an object that is not deleted. */
export function newest(all: readonly Said[], object: string): readonly Said[] {
  const found = new Map<string, Said>();
  for (const each of all.filter((one) => one.object === object)) found.set(each.key, each);
  return [...found.values()].filter(({ fields }) => fields !== null);
}

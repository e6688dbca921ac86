import { expect } from "vitest";
import { CutoverError } from "../../pipeline/core/errors.ts";
import {
  type RowResult,
  type RowResults,
  resultKey,
  type Sink,
  type SinkGroup,
  type SinkRow,
} from "../../sinks/sink.ts";
import { groupsOf, type Sent } from "./groups.ts";
import { spread, spreadKey } from "./names.ts";
import type { Became, Fields, Step } from "./scenario.ts";
import { expectStanding, ourRows, type Sight } from "./standing.ts";

type SendStep = Extract<Step, { send: unknown }>;

/** Sends a step's rows by `liar` and holds what it says of each against what stands there. */
export async function sendStep(
  sight: Sight,
  sent: Sent,
  liar: Sink,
  step: SendStep,
): Promise<void> {
  const groups = groupsOf(sight, sent, step.send);
  const before = await ourRows(
    sight,
    groups.map(({ plan }) => plan),
  );
  const results = await sendAgain(liar, groups, step.again_when);
  const after = await ourRows(
    sight,
    groups.map(({ plan }) => plan),
  );
  const said = groups.flatMap(({ rows }) => rows.map(({ key }) => key));
  const expected = spread(step.become);
  expect(expected.map(([key]) => sight.names.key(key)).sort(), "keys").toEqual(said.toSorted());
  for (const [key, became] of expected) {
    const name = resultKey(sight.names.plan(key).object, sight.names.key(key));
    const result = results.get(name);
    const shapes = [became].flat().map((each) => shapeOf(sight, sent, key, each));
    expect(shapes, `${key} became ${JSON.stringify(result)}`).toContainEqual(seen(result, shapes));
    expectTrue(key, result, before.get(name)?.id, after.get(name)?.id);
    if (result !== undefined && "destinationId" in result && result.destinationId !== null) {
      sent.ids.set(sight.names.key(key), result.destinationId);
    }
  }
  expect(results.size, "results of rows nobody sent").toBeLessThanOrEqual(said.length);
}

/** An id that is said is the id of the row of that key; what is refused says why. */
function expectTrue(key: string, result: RowResult | undefined, before?: string, after?: string) {
  if (result === undefined) return;
  if (result.kind === "refused") {
    expect(result.code, key).not.toBe("");
    expect(result.message, key).not.toBe("");
    if (result.destinationId !== null) expect(result.destinationId, key).toBe(before);
    return;
  }
  const { kind, destinationId } = result;
  if (kind === "created" || kind === "updated") expect(destinationId, key).toBe(after);
  else expect(after, key).toBe(undefined);
  if (kind === "deleted") expect(destinationId, key).toBe(before);
}

/** A result as a scenario words it. */
function shapeOf({ names }: Sight, { ids }: Sent, key: string, became: Became) {
  if (typeof became === "string") return { kind: became };
  const { field, names: named } = became;
  return {
    ...{ kind: "refused", class: became.refused },
    ...(field === undefined ? {} : { field: names.field(key, field).name }),
    ...(named === undefined ? {} : { destinationId: ids.get(names.key(named)) ?? null }),
  };
}

/** Of a result, what the scenario speaks of. */
function seen(result: RowResult | undefined, shapes: readonly object[]) {
  if (result === undefined) return { kind: "unknown" };
  const shape = shapes.find((each) => "kind" in each && each.kind === result.kind) ?? {};
  const words = Object.entries(result).filter(([name]) => name === "kind" || name in shape);
  return Object.fromEntries(words);
}

/** Results of one call; none where its reply was lost. */
async function sendAgain(
  sink: Sink,
  groups: readonly SinkGroup[],
  againWhen: string | undefined,
): Promise<RowResults> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sink.send(groups);
    } catch (error) {
      const code = error instanceof CutoverError ? error.code : undefined;
      if (code === "SINK_REPLY_LOST") return new Map();
      if (code !== againWhen || attempt === 5) throw error;
    }
  }
}

/** Asks for keys and holds what is found against what is wanted, and against what stands there. */
export async function askStep(
  sight: Sight,
  sent: Sent,
  wanted: Readonly<Record<string, Fields | null>>,
) {
  const { sink, names } = sight;
  const keys = Object.keys(wanted).flatMap(spreadKey);
  for (const [plan, some] of Map.groupBy(keys, (key) => names.plan(key))) {
    const rows = some.map((key) => sent.rows.get(names.key(key)) as SinkRow);
    const found = await sink.ask(plan, rows, () => false);
    const there = await ourRows(sight, [plan]);
    for (const key of some) {
      const own = names.key(key);
      const asked = found.get(own);
      expect(asked?.destinationId, key).toBe(there.get(resultKey(plan.object, own))?.id);
      if (asked !== undefined) sent.ids.set(own, asked.destinationId);
    }
  }
  await expectStanding(sight, wanted);
}

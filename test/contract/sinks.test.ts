import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { destinationKinds } from "../../pipeline/mapping/destinations/rules-of.ts";
import type { ContractKind } from "./kinds/kind.ts";
import { runHostile } from "./run-hostile.ts";
import { type Opened, runScenario } from "./run-scenario.ts";
import { hostileValues, scenarios } from "./scenario.ts";
import { strangeMembers } from "./sink-members.ts";
import { ways } from "./ways.ts";

const hostile = hostileValues();
/** An expectation that did not hold. */
const unheld = { name: "AssertionError" };

afterAll(() => closeWatermarks());

describe.each(destinationKinds)("%s", (name) => {
  let opened: Opened;

  beforeAll(async () => {
    const { kind } = (await import(`./kinds/${name}.ts`)) as { kind: ContractKind };
    const destination = await kind.open();
    opened = { kind, destination, sink: await destination.sink() };
  });
  afterAll(async () => {
    await opened?.sink.close();
    await opened?.destination.close();
  });

  test("its sink is what sinks/sink.ts says, and nothing beside it", () => {
    expect(strangeMembers(opened.sink)).toEqual([]);
    const { userId: _userId, ...without } = opened.sink;
    const strange = strangeMembers({ ...without, soql: () => [] });
    expect(strange).toEqual(["no userId", "also soql"]);
  });

  for (const [title, scenario] of scenarios()) {
    test(`${title}: ${scenario.promise}`, () => runScenario(opened, scenario));
    test.each(scenario.lies)(`${title} fails where the sink %s`, async (lie) => {
      await expect(runScenario(opened, scenario, lie)).rejects.toMatchObject(unheld);
    });
  }

  test.each(Object.entries(ways))(`${hostile.promise}, %s`, (_, way) =>
    runHostile(opened, hostile, way),
  );
  test.each(hostile.lies)("hostile values see it where the sink %s", async (lie) => {
    const [way] = Object.values(ways);
    await expect(runHostile(opened, hostile, way as never, lie)).rejects.toMatchObject(unheld);
  });
});

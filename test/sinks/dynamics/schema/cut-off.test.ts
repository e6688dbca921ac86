import { expect, test } from "vitest";
import type { DynamicsClient } from "../../../../sinks/dynamics/client.ts";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import { createSchema } from "../../../../sinks/dynamics/schema/create-schema.ts";
import { addPublisher } from "../../../simulators/dataverse-metadata/definitions.ts";
import { aPlan } from "./a-plan.ts";
import { openDoor } from "./door.ts";

const options = { edition: "professional", publisherPrefix: "qd", pollMs: 5 } as const;

/** A client whose process ends before or after its last write. */
function cutOff(client: DynamicsClient, writes: number, before: boolean): DynamicsClient {
  let left = writes;
  const call: DynamicsClient["call"] = async (one) => {
    if (one.method === "GET") return client.call(one);
    left -= 1;
    if (left === 0 && before) throw new Error("cut off");
    const reply = await client.call(one);
    if (left === 0) throw new Error("cut off");
    return reply;
  };
  return Object.create(client, { call: { value: call } });
}

test("a run that is cut off is gone on with, whatever it had made", async () => {
  const door = await openDoor({ tier: "professional" });
  try {
    await addPublisher(door.environment);
    const plan = aPlan();
    let cuts = 0;
    for (const writes of [1, 2, 3, 5, 7, 9, 2, 1]) {
      const run = createSchema(cutOff(door.client, writes, cuts % 2 === 1), plan, options);
      await expect(run).rejects.toThrow("cut off");
      cuts += 1;
      const open = (await checkSchema(door.client, plan, options)).filter(({ warns }) => !warns);
      expect(open.every(({ creatable }) => creatable)).toBe(true);
    }
    const { refused } = await createSchema(door.client, plan, options);
    expect(refused).toEqual([]);
    expect(await checkSchema(door.client, plan, options)).toEqual([]);
    const writes = door.calls.filter((call) => call === "POST EntityDefinitions");
    expect(writes).toHaveLength(2);
  } finally {
    await door.close();
  }
});

import { expect, test } from "vitest";
import { addressesOf } from "../../../sinks/dynamics/addresses.ts";
import { openDoor } from "../../../sinks/dynamics/door.ts";
import type { Answer, Caller } from "../../../sinks/dynamics/pool.ts";

const addresses = addressesOf({
  ...{ url: "https://acme.crm.dynamics.com", tenantId: "acme", allowLoopback: false },
});
const reply = { statusCode: 200, headers: {}, body: "{}" };

function aDoor() {
  const answers: Answer[] = [];
  const visit = { answered: (answer: Answer) => void answers.push(answer), lost: () => undefined };
  const caller: Caller = {
    token: { current: () => Promise.resolve("token"), renew: () => Promise.resolve("token") },
    enter: () => Promise.resolve(visit),
  };
  const transport = {
    send: () => Promise.resolve(reply),
    stream: () => Promise.reject(new Error("Nothing is streamed here.")),
    close: () => Promise.resolve(),
  };
  const door = openDoor({
    ...{ addresses, transport, timeoutMs: 1000, throttledMs: 1000 },
    ...{ counted: () => undefined, waited: () => undefined },
  });
  return { door, caller, answers };
}

test("writes are of a kind by their message and size, and a read is of none: its time tells nothing of a queue", async () => {
  const { door, caller, answers } = aDoor();
  const batch = { api: "batch", method: "POST", path: "$batch" } as const;
  for (const length of [900, 1000, 9000])
    await door.call(caller, { ...batch, write: true, body: "x".repeat(length) });
  await door.call(caller, { ...batch, api: "batch_query", body: "x".repeat(1000) });
  const kinds = answers.map(({ kind }) => kind);
  expect(kinds).toEqual(["batch 10", "batch 10", "batch 13", undefined]);
});

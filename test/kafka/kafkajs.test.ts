import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { testConnection } from "../kafka-connection.ts";

const root = join(import.meta.dirname, "../..");
const { brokers } = testConnection("kafkajs");

/** What a process says on stderr that lists topics by twenty requests at once over one connection. */
async function complaints(module: string): Promise<string> {
  const script = `
    import kafkajs from ${JSON.stringify(module)};
    const { Kafka, logLevel } = kafkajs;
    const config = { brokers: ["${brokers}"], logLevel: logLevel.NOTHING, maxInFlightRequests: 1 };
    const admin = new Kafka(config).admin();
    await admin.connect();
    await admin.listTopics();
    const lists = await Promise.all(Array.from({ length: 20 }, () => admin.listTopics()));
    if (lists.length !== 20) process.exit(1);
    await admin.disconnect();`;
  const args = ["--input-type=module", "--eval", script];
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return stderr;
}

test("kafkajs speaks with Kafka and nothing is said on stderr", async () => {
  expect(await complaints(join(root, "pipeline/kafka/kafkajs.ts"))).toBe("");
});

test("as it is delivered, it warns of a negative time", async () => {
  expect(await complaints("kafkajs")).toContain("TimeoutNegativeWarning");
});

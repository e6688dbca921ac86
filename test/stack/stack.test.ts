import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runningPid } from "../../ops/stack/service.ts";
import { type StackAddresses, stackDown, stackRelease, stackUp } from "../../ops/stack/stack.ts";
import { stackStatus } from "../../ops/stack/status.ts";
import { listen, ownStack, processesOf, until } from "./own-stack.ts";

let stack: Awaited<ReturnType<typeof ownStack>>;
let addresses: StackAddresses;

beforeAll(async () => {
  stack = await ownStack();
  addresses = await stackUp(stack);
});

afterAll(async () => {
  await stackDown(stack);
  rmSync(stack.folder, { recursive: true });
});

const client = () => new Kafka({ brokers: [addresses.brokers], logLevel: logLevel.NOTHING });

async function write(topic: string, values: readonly string[]): Promise<void> {
  const [admin, producer] = [client().admin(), client().producer()];
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

async function read(topic: string, count: number): Promise<string[]> {
  const consumer = client().consumer({ groupId: `reader-of-${topic}` });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      if (values.push(String(message.value)) === count) resolve();
    };
    void consumer.run({ eachMessage });
  });
  await consumer.disconnect();
  return values;
}

const subject = (name: string) => `${addresses.registry}/subjects/${name}-value/versions`;

async function registerSchema(name: string): Promise<number> {
  const schema = JSON.stringify({ type: "record", name, fields: [{ name: "id", type: "string" }] });
  const response = await fetch(subject(name), {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema }),
  });
  return response.status;
}

function kill(service: "kafka" | "registry"): void {
  const pid = runningPid(stack.folder, service);
  if (pid === undefined) throw new Error(`${service} does not run`);
  process.kill(pid, "SIGKILL");
}

test("a running stack is left as it is", async () => {
  const before = await stackStatus(stack);
  expect(await stackUp(stack)).toEqual(addresses);
  expect(await stackStatus(stack)).toEqual(before);
  expect(before.services.map(({ state }) => state)).toEqual(["up", "up"]);
});

test("records and schemas survive a kill of both services", async () => {
  const values = Array.from({ length: 500 }, (_, index) => `record ${index}`);
  await write("survivors", values);
  expect(await registerSchema("Survivor")).toBe(200);
  kill("kafka");
  kill("registry");
  await stackUp(stack);
  expect(await read("survivors", values.length)).toEqual(values);
  expect((await fetch(`${subject("Survivor")}/latest`)).status).toBe(200);
});

test("the registry takes schemas again after a kill of the broker alone", async () => {
  kill("kafka");
  await stackUp(stack);
  expect(await registerSchema("Latecomer")).toBe(200);
});

test("a folder whose stack runs on other ports is refused", async () => {
  const elsewhere = { ...stack, kafkaPort: stack.kafkaPort + 1 };
  await expect(stackUp(elsewhere)).rejects.toThrow(/runs on other ports .* stop it first/);
});

test("an owner's release does not stop a stack that a person started", async () => {
  await stackUp({ ...stack, ownedBy: process.pid });
  await stackRelease({ ...stack, ownedBy: process.pid });
  expect((await stackStatus(stack)).services.map(({ state }) => state)).toEqual(["up", "up"]);
});

test("nothing runs after down, and a second down is no error", async () => {
  await stackDown(stack);
  expect(processesOf(stack.folder)).toEqual([]);
  await stackDown(stack);
});

test("nothing runs after its owner was killed while it waited for the start", async () => {
  const module = join(import.meta.dirname, "../../ops/stack/stack.ts");
  const options = `{ ...${JSON.stringify(stack)}, ownedBy: process.pid }`;
  const script = `import { stackUp } from ${JSON.stringify(module)}; await stackUp(${options});`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: "inherit",
  });
  await until(() => runningPid(stack.folder, "registry") !== undefined);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  await until(() => processesOf(stack.folder).length === 0);
});

test("a taken port is refused in one sentence with the remedy, and nothing is started", async () => {
  const { server, port } = await listen();
  try {
    await expect(stackUp({ ...stack, kafkaPort: port })).rejects.toThrow(
      new RegExp(
        `^Port ${port}, which Kafka needs, is taken by .+ \\(process ${process.pid}\\): stop it, or choose another port with --kafka-port\\.$`,
      ),
    );
    expect(processesOf(stack.folder)).toEqual([]);
  } finally {
    server.close();
  }
});

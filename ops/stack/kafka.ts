/** The local Kafka: one KRaft node that is broker and controller, with its data below the stack's folder. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Service } from "./service.ts";
import { StackError } from "./stack-error.ts";

/** Where the node keeps its data and what it listens on, always on 127.0.0.1. */
export interface KafkaOptions {
  readonly folder: string;
  readonly jars: string;
  readonly kafkaPort: number;
  readonly controllerPort: number;
}

const propertiesFile = (folder: string) => join(folder, "kafka.properties");

/** The node's settings. Whatever is not named has Kafka's default, so that a server behaves like this one. */
function properties({ folder, kafkaPort, controllerPort }: KafkaOptions): Record<string, unknown> {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${kafkaPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${kafkaPort}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": join(folder, "kafka-data"),
    // A mistyped topic name is an error, not a new topic.
    "auto.create.topics.enable": false,
    // A single node is its own and only replica.
    "default.replication.factor": 1,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // 50 partitions of each would mean 100 open files and seconds of start-up for a handful of groups.
    "offsets.topic.num.partitions": 10,
    "transaction.state.log.num.partitions": 10,
    "share.coordinator.state.topic.num.partitions": 1,
    // Nobody else is about to join a group here.
    "group.initial.rebalance.delay.ms": 0,
    // Topics say how long they keep; what says nothing (the registry's journal) must not vanish after a week.
    "log.retention.ms": -1,
    "transaction.max.timeout.ms": 900_000,
    // The default of 128 MB is an eighth of this node's heap.
    "log.cleaner.dedupe.buffer.size": 33_554_432,
  };
}

/** Describes the service; its folder must have been formatted with `formatKafka`. */
export function kafka(options: KafkaOptions): Service {
  const { folder, jars, kafkaPort } = options;
  return {
    name: "kafka",
    title: "Kafka",
    folder,
    program: "java",
    args: [
      "-Xms256m",
      "-Xmx1g",
      "-XX:+UseSerialGC", // two cores shared with everything else: no threads of the collector's own
      "-Dorg.slf4j.simpleLogger.showDateTime=true",
      "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
      "-cp",
      join(jars, "kafka", "*"),
      "kafka.Kafka",
      propertiesFile(folder),
    ],
    ready: () => hasBroker(kafkaPort),
  };
}

/** Writes the settings and, in a new folder, formats the data folder with a new cluster id. */
export async function formatKafka(options: KafkaOptions): Promise<void> {
  const { folder, jars } = options;
  const lines = Object.entries(properties(options)).map(
    ([name, value]) => `${name}=${String(value)}`,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(propertiesFile(folder), `${lines.join("\n")}\n`);
  if (existsSync(join(folder, "kafka-data", "meta.properties"))) return;
  const tool = [
    "-XX:TieredStopAtLevel=1",
    "-cp",
    join(jars, "kafka", "*"),
    "kafka.tools.StorageTool",
  ];
  const format = ["format", "--ignore-formatted", "-t", clusterId(), "-c", propertiesFile(folder)];
  try {
    await promisify(execFile)("java", [...tool, ...format]);
  } catch (cause) {
    const why = "Kafka's data folder could not be formatted (is a JDK 17 on the PATH?)";
    throw new StackError("START_FAILED", `${why}: ${(cause as Error).message}`, { cause });
  }
}

/** 16 random bytes as Kafka writes them; one that began with a dash would be taken for an option. */
function clusterId(): string {
  return `C${randomBytes(16).toString("base64url").slice(1, 21)}A`;
}

/** True when the node lists itself, which it does only once it is registered and no longer fenced. */
async function hasBroker(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.once("connect", () => socket.write(brokerListRequest()));
    socket.once("data", (reply) => end(reply.length >= 12 && reply.readInt32BE(8) >= 1));
  });
}

/** Metadata request, version 1, for an empty list of topics. */
function brokerListRequest(): Buffer {
  const request = Buffer.alloc(18);
  request.writeInt32BE(14, 0); // length of what follows
  request.writeInt16BE(3, 4); // Metadata
  request.writeInt16BE(1, 6); // version 1, the first in which an empty list means no topics
  request.writeInt32BE(1, 8); // correlation id
  request.writeInt16BE(-1, 12); // no client id
  request.writeInt32BE(0, 14); // no topics
  return request;
}

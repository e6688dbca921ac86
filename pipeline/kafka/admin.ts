import type { Admin } from "kafkajs";
import type { Topic } from "../../topics/topic.ts";
import { CutoverError } from "../core/errors.ts";
import { openCodecs } from "./codec.ts";
import type { KafkaConnection } from "./connection.ts";
import kafkajs from "./kafkajs.ts";

// Not named imports: Node finds none of them in a CommonJS package written like this one.
const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

/** What applying did, or would do, to one topic. */
export interface TopicChange {
  readonly topic: string;
  readonly change: "created" | "unchanged" | "settings_changed" | "partitions_added";
  readonly detail: string;
}

/**
 * Creates missing topics and brings the settings of existing ones in line. Fewer partitions than a
 * topic has, or more while it holds records (its keys would move), is TOPIC_CONFLICT. Then all
 * schemas are registered, before anything is produced.
 */
export async function applyTopics(
  connection: KafkaConnection,
  topics: readonly Topic<never>[],
  options: { readonly partitions: number; readonly schemas?: ReadonlyMap<string, object> },
): Promise<readonly TopicChange[]> {
  return withAdmin(connection, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic.name));
    await create(admin, missing, options.partitions);
    const changes: TopicChange[] = missing.map((topic) => ({
      topic: topic.name,
      change: "created",
      detail: `${count(topic, options.partitions)} partitions, ${topic.cleanup}`,
    }));
    for (const topic of topics) {
      if (existing.has(topic.name)) changes.push(await compare(admin, topic, options.partitions));
    }
    await registerAll(connection, topics, options.schemas);
    return changes;
  });
}

/** A few at a time: each is several calls, and a registry has other users. */
async function registerAll(
  connection: KafkaConnection,
  topics: readonly Topic<never>[],
  schemas: ReadonlyMap<string, object> | undefined,
): Promise<void> {
  const codecs = openCodecs(connection);
  const left = topics.filter(({ schema }) => schema !== null).values();
  const register = async (): Promise<void> => {
    for (const topic of left) await codecs.encoder(topic, schemas?.get(topic.name));
  };
  await Promise.all(Array.from({ length: 6 }, register));
}

/** Deletes topics, missing ones in silence: for rehearsals that start afresh. */
export async function deleteTopics(connection: KafkaConnection, prefix: string): Promise<void> {
  await withAdmin(connection, async (admin) => {
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`));
    if (topics.length > 0) await admin.deleteTopics({ topics, timeout: 30_000 });
  });
}

/** The migration topics a broker holds. */
export function listTopics(
  connection: KafkaConnection,
  prefix: string,
): Promise<readonly string[]> {
  return withAdmin(connection, async (admin) =>
    (await admin.listTopics()).filter((name) => name.startsWith(`${prefix}.`)).sort(),
  );
}

async function create(admin: Admin, topics: readonly Topic<never>[], partitions: number) {
  if (topics.length === 0) return;
  await admin.createTopics({
    waitForLeaders: false,
    timeout: 30_000,
    topics: topics.map((topic) => ({
      topic: topic.name,
      numPartitions: count(topic, partitions),
      replicationFactor: -1,
      configEntries: Object.entries(settings(topic)).map(([name, value]) => ({ name, value })),
    })),
  });
  await untilLed(
    admin,
    topics.map((topic) => topic.name),
  );
}

/** A loaded broker answers "unknown topic" for a while, which kafkajs' own wait takes for an error. */
async function untilLed(admin: Admin, topics: readonly string[]): Promise<void> {
  for (const deadline = performance.now() + 30_000; ; ) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
      const places = metadata.topics.flatMap((topic) => topic.partitions);
      if (places.every((place) => place.leader >= 0)) return;
    } catch (error) {
      if ((error as { retriable?: boolean }).retriable !== true) throw error;
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function count(topic: Topic<never>, partitions: number): number {
  return topic.partitions === "one" ? 1 : partitions;
}

function settings(topic: Topic<never>): Record<string, string> {
  return { "cleanup.policy": topic.cleanup, ...topic.config };
}

async function compare(
  admin: Admin,
  topic: Topic<never>,
  partitions: number,
): Promise<TopicChange> {
  const metadata = await admin.fetchTopicMetadata({ topics: [topic.name] });
  const has = metadata.topics[0]?.partitions.length ?? 0;
  const wanted = count(topic, partitions);
  if (has !== wanted) await refuseOrGrow(admin, topic.name, has, wanted);
  const changed = await changeSettings(admin, topic);
  const change =
    has !== wanted ? "partitions_added" : changed === "" ? "unchanged" : "settings_changed";
  return { topic: topic.name, change, detail: has !== wanted ? `${has} → ${wanted}` : changed };
}

async function refuseOrGrow(admin: Admin, name: string, has: number, wanted: number) {
  const empty = (await admin.fetchTopicOffsets(name)).every((place) => place.high === place.low);
  if (wanted < has || !empty) {
    throw new CutoverError(
      "TOPIC_CONFLICT",
      `Topic ${name} has ${has} partitions, ${wanted} are configured: ` +
        (wanted < has
          ? "Kafka cannot shrink a topic. Set kafka.partitions back."
          : "its keys would move to other partitions and lose their order. Set kafka.partitions back, or start a new migration."),
    );
  }
  await admin.createPartitions({ topicPartitions: [{ topic: name, count: wanted }] });
}

async function changeSettings(admin: Admin, topic: Topic<never>): Promise<string> {
  const wanted = settings(topic);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      { type: ConfigResourceTypes.TOPIC, name: topic.name, configNames: Object.keys(wanted) },
    ],
  });
  const entries = resources[0]?.configEntries ?? [];
  const differing = entries.filter((entry) => wanted[entry.configName] !== entry.configValue);
  if (differing.length === 0) return "";
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: topic.name,
        configEntries: Object.entries(wanted).map(([name, value]) => ({ name, value })),
      },
    ],
  });
  return differing.map((entry) => `${entry.configName}=${wanted[entry.configName]}`).join(", ");
}

async function withAdmin<T>(
  connection: KafkaConnection,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = new Kafka({
    clientId: connection.clientId,
    brokers: connection.brokers.split(","),
    logLevel: logLevel.NOTHING,
    retry: { retries: 5 },
  }).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    if (error instanceof CutoverError) throw error;
    throw new CutoverError(
      "BROKER_UNAVAILABLE",
      `Kafka at ${connection.brokers} does not answer: ${(error as Error).message}`,
      { cause: error },
    );
  } finally {
    await admin.disconnect();
  }
}

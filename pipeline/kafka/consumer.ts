import rdkafka, { type KafkaConsumer, type LibrdKafkaError, type Message } from "node-rdkafka";
import { connectOptions } from "./connect-options.ts";
import type { KafkaConnection } from "./connection.ts";
import { consumerConfig } from "./consumer-config.ts";
import { kafkaCodes, wrapKafkaError } from "./kafka-errors.ts";
import {
  committedOf,
  metadataTimeoutMs,
  type Partition,
  partitionsOf,
  placesFrom,
  type TopicOffset,
} from "./partitions.ts";

/** One record as read. */
export interface Consumed {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** Position of every partition is where reading would go on: it passes commit markers and aborted records. */
export interface BatchConsumer {
  /** Up to `max` records; none after about 50 ms. Call it also while all is paused: it keeps the membership. */
  poll(max: number): Promise<readonly Consumed[]>;
  pause(topics: readonly string[]): void;
  resume(topics: readonly string[]): void;
  seek(offsets: readonly TopicOffset[]): Promise<void>;
  positions(): readonly TopicOffset[];
  /** The group's committed offsets of the assigned partitions; 0 where there is none. */
  committed(): Promise<readonly TopicOffset[]>;
  assignment(): readonly Partition[];
  /** For the producer's sendOffsets only. */
  readonly raw: KafkaConsumer;
  close(): Promise<void>;
}

const pollTimeoutMs = 50;

/** State one consumer keeps about its partitions. */
class Reading implements BatchConsumer {
  readonly raw: KafkaConsumer;
  readonly #positions = new Map<string, TopicOffset>();
  /** As last given: asking the client takes a turn of its own thread, every round anew. */
  #assignment: readonly Partition[] = [];
  readonly #onClose: () => void;

  constructor(raw: KafkaConsumer, onClose: () => void = () => {}) {
    this.raw = raw;
    this.#onClose = onClose;
    raw.on("partition.eof", (eof) => this.#advance(eof.topic, eof.partition, eof.offset));
  }

  #advance(topic: string, partition: number, offset: number): void {
    const id = `${topic}/${partition}`;
    const known = this.#positions.get(id);
    if (known === undefined || known.offset < offset) {
      this.#positions.set(id, { topic, partition, offset });
    }
  }

  /** Starts the bookkeeping of newly assigned partitions. */
  assigned(offsets: readonly TopicOffset[]): void {
    this.#positions.clear();
    for (const place of offsets) this.#positions.set(`${place.topic}/${place.partition}`, place);
    this.#assignment = offsets.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Nothing is assigned any more. */
  revoked(): void {
    this.#assignment = [];
  }

  poll(max: number): Promise<readonly Consumed[]> {
    return new Promise((resolve, reject) => {
      this.raw.consume(max, (error: LibrdKafkaError | null, messages) => {
        if (error !== null && error !== undefined) {
          if (kafkaCodes.nothingToRead.has(error.code)) resolve([]);
          else reject(wrapKafkaError(error));
          return;
        }
        resolve(messages.map((message) => this.#taken(message)));
      });
    });
  }

  #taken(message: Message): Consumed {
    this.#advance(message.topic, message.partition, message.offset + 1);
    return {
      topic: message.topic,
      partition: message.partition,
      offset: message.offset,
      key: message.key === null || message.key === undefined ? null : String(message.key),
      value: message.value,
      headers: headersOf(message),
      timestamp: message.timestamp ?? 0,
    };
  }

  pause(topics: readonly string[]): void {
    this.raw.pause(this.#partitionsOf(topics));
  }

  resume(topics: readonly string[]): void {
    this.raw.resume(this.#partitionsOf(topics));
  }

  #partitionsOf(topics: readonly string[]): Partition[] {
    return this.#assignment.filter((place) => topics.includes(place.topic));
  }

  async seek(offsets: readonly TopicOffset[]): Promise<void> {
    for (const place of offsets) {
      await new Promise<void>((resolve, reject) => {
        this.raw.seek({ ...place }, 5000, (error) =>
          error ? reject(wrapKafkaError(error)) : resolve(),
        );
      });
      this.#positions.set(`${place.topic}/${place.partition}`, place);
    }
  }

  positions(): readonly TopicOffset[] {
    return [...this.#positions.values()];
  }

  committed(): Promise<readonly TopicOffset[]> {
    return committedOf(this.raw, this.assignment());
  }

  assignment(): readonly Partition[] {
    return this.#assignment;
  }

  close(): Promise<void> {
    this.#onClose();
    return disconnect(this.raw);
  }
}

function headersOf(message: Message): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const header of message.headers ?? []) {
    for (const [name, value] of Object.entries(header)) headers[name] = String(value);
  }
  return headers;
}

/** Disconnects under a deadline: librdkafka may never call back during a join (node-rdkafka #1024). */
function disconnect(raw: KafkaConsumer): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, 5000);
    raw.disconnect(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}

async function connected(raw: KafkaConsumer): Promise<void> {
  raw.on("event.error", () => {});
  raw.setDefaultConsumeTimeout(pollTimeoutMs);
  await new Promise<void>((resolve, reject) => {
    raw.connect(connectOptions(metadataTimeoutMs), (error) =>
      error ? reject(wrapKafkaError(error)) : resolve(),
    );
  });
}

/**
 * A member of a group. Static membership: a restarted instance takes its partitions back without
 * a rebalance. The first start begins at 0; a committed offset the log no longer holds stops.
 */
export async function openGroupConsumer(
  connection: KafkaConnection,
  options: {
    readonly group: string;
    readonly instance: string;
    readonly topics: readonly string[];
    readonly onRevoked?: () => void;
  },
): Promise<BatchConsumer> {
  let closing = false;
  const raw = new rdkafka.KafkaConsumer(
    {
      ...consumerConfig(connection, options.group),
      "group.instance.id": options.instance,
      "partition.assignment.strategy": "range",
      "session.timeout.ms": 30_000,
      rebalance_cb: (error: LibrdKafkaError, partitions: Partition[]) => {
        if (error.code === rdkafka.CODES.ERRORS.ERR__ASSIGN_PARTITIONS && !closing) {
          committedOf(raw, partitions).then(
            (offsets) => {
              reading.assigned(offsets);
              raw.assign(offsets.map((place) => ({ ...place })));
            },
            () => raw.unassign(),
          );
          return;
        }
        options.onRevoked?.();
        reading.revoked();
        raw.unassign();
      },
    },
    { "auto.offset.reset": "error" },
  );
  const reading = new Reading(raw, () => {
    closing = true;
  });
  await connected(raw);
  raw.subscribe([...options.topics]);
  return reading;
}

/** A reader that takes all partitions itself, so that nothing rebalances; the group only holds offsets. */
export async function openAssignedConsumer(
  connection: KafkaConnection,
  options: {
    readonly group: string;
    readonly topics: readonly string[];
    /** Places that are not named begin at 0. */
    readonly from: "committed" | "beginning" | readonly TopicOffset[];
  },
): Promise<BatchConsumer> {
  const raw = new rdkafka.KafkaConsumer(consumerConfig(connection, options.group), {
    "auto.offset.reset": "error",
  });
  const reading = new Reading(raw);
  await connected(raw);
  const partitions = await partitionsOf(raw, options.topics);
  const offsets =
    options.from === "committed"
      ? await committedOf(raw, partitions)
      : placesFrom(partitions, options.from === "beginning" ? [] : options.from);
  reading.assigned(offsets);
  raw.assign(offsets.map((place) => ({ ...place })));
  return reading;
}

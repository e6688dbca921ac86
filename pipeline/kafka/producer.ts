import rdkafka, { type LibrdKafkaError, type Producer } from "node-rdkafka";
import { CutoverError } from "../core/errors.ts";
import { environment } from "../stage/environment.ts";
import { failpoint } from "../stage/failpoint.ts";
import type { Stage } from "../stage/stage.ts";
import { connectOptions } from "./connect-options.ts";
import { type KafkaConnection, sharedConfig } from "./connection.ts";
import type { BatchConsumer } from "./consumer.ts";
import type { TopicOffset } from "./partitions.ts";
import { kafkaCodes } from "./kafka-errors.ts";
import { openUnsafeProducer } from "./unsafe-producer.ts";

/** What may be done inside one transaction. */
export interface Transaction {
  send(
    topic: string,
    key: string,
    value: Buffer | null,
    headers?: Readonly<Record<string, string>>,
  ): void;
  sendOffsets(consumer: BatchConsumer, offsets: readonly TopicOffset[]): void;
}

/**
 * Writes in transactions. After TRANSACTION_ABORTED nothing was written: seek back and go on. After
 * TRANSACTION_UNKNOWN the commit's fate is open and the producer is a new one: read the state again.
 * FENCED: another process has taken over.
 */
export interface TransactionalProducer {
  transaction(work: (transaction: Transaction) => void | Promise<void>): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  readonly transactionalId: string;
  /** The coordinator aborts a transaction left open longer, default 60 s. */
  readonly timeoutMs?: number;
  readonly stage: Pick<Stage, "metrics" | "log">;
  /** Name of the failpoint `<name>.offsets_sent`, between the offsets and the commit. */
  readonly failpoints?: string;
}

interface Sent {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: { [name: string]: string }[] | undefined;
}

const callTimeoutMs = 30_000;

/** Opens the producer and fences every predecessor of the same id. */
export async function openTransactionalProducer(
  connection: KafkaConnection,
  options: Options,
): Promise<TransactionalProducer> {
  if (environment.unsafeWithoutTransactions) return openUnsafeProducer(connection);
  const writer = new Writer(connection, options);
  await writer.rebuild();
  return writer;
}

class Writer implements TransactionalProducer {
  readonly #connection: KafkaConnection;
  readonly #options: Options;
  #producer: Producer | undefined;

  constructor(connection: KafkaConnection, options: Options) {
    this.#connection = connection;
    this.#options = options;
  }

  /**
   * A new client under the same id. librdkafka speaks transaction protocol 1, where a delayed end of
   * one transaction may hit the next (KIP-890): a new epoch is the only safe way on.
   */
  async rebuild(): Promise<void> {
    await this.close();
    const producer = new rdkafka.Producer(
      {
        ...sharedConfig(this.#connection),
        "transactional.id": this.#options.transactionalId,
        "transaction.timeout.ms": this.#options.timeoutMs ?? 60_000,
        "enable.idempotence": true,
        "linger.ms": 5,
        "batch.num.messages": 2_000,
        "compression.codec": "lz4",
        "message.max.bytes": 1_048_576,
        "queue.buffering.max.messages": 50_000,
        "queue.buffering.max.kbytes": 16 * 1024,
      },
      // Java's partitioner, so that every client agrees; a topic setting, ignored as a global one.
      { partitioner: "murmur2_random" },
    );
    producer.on("event.error", () => {});
    await call((done) => producer.connect(connectOptions(callTimeoutMs), done));
    // Frees the places of delivered records in the local queue.
    producer.setPollInterval(10);
    await call((done) => producer.initTransactions(callTimeoutMs, done));
    this.#producer = producer;
  }

  async transaction(work: (transaction: Transaction) => void | Promise<void>): Promise<void> {
    const producer = this.#producer;
    if (producer === undefined) throw new CutoverError("FENCED", "The producer is closed.");
    const startedAt = performance.now();
    const tx = new Open(producer);
    try {
      await call((done) => producer.beginTransaction(done));
      await work(tx);
      await tx.drain();
      await tx.passOffsets();
      failpoint(`${this.#options.failpoints}.offsets_sent`);
    } catch (error) {
      throw await this.#undo(error, producer, startedAt);
    }
    await this.#commit(producer, startedAt);
  }

  async #commit(producer: Producer, startedAt: number): Promise<void> {
    try {
      await call((done) => producer.commitTransaction(callTimeoutMs, done));
      this.#count("committed");
    } catch (error) {
      throw await this.#undo(error, producer, startedAt, true);
    }
  }

  /** Brings the producer back to a usable state and says what became of the transaction. */
  async #undo(raised: unknown, producer: Producer, startedAt: number, committing = false) {
    const error = await causeOf(raised, producer);
    if (!isKafkaError(error)) {
      await this.#abort(producer);
      return error;
    }
    if (error.isTxnRequiresAbort === true) {
      await this.#abort(producer);
      return aborted(error);
    }
    const tooOld = performance.now() - startedAt > (this.#options.timeoutMs ?? 60_000);
    if (kafkaCodes.fenced.has(error.code) && !tooOld) {
      this.#count("fenced");
      return new CutoverError(
        "FENCED",
        `Another process has taken over ${this.#options.transactionalId}; this one stops.`,
        { cause: error },
      );
    }
    this.#options.stage.log.warn({ event: "producer_rebuilt", code: error.code });
    await this.rebuild();
    if (!committing) return aborted(error);
    this.#count("unknown");
    return new CutoverError("TRANSACTION_UNKNOWN", "The fate of a commit is unknown.", {
      cause: error,
    });
  }

  async #abort(producer: Producer): Promise<void> {
    this.#count("aborted");
    try {
      await call((done) => producer.abortTransaction(callTimeoutMs, done));
    } catch {
      await this.rebuild();
    }
  }

  #count(result: string): void {
    this.#options.stage.metrics.transactions.inc({ stage: this.#options.transactionalId, result });
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer === undefined) return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, 5000);
      producer.disconnect(5000, () => {
        clearTimeout(deadline);
        resolve();
      });
    });
  }
}

function aborted(cause: LibrdKafkaError): CutoverError {
  return new CutoverError("TRANSACTION_ABORTED", `Transaction aborted: ${cause.message}`, {
    cause,
  });
}

/** One transaction: what the local queue does not take at once waits in order. */
class Open implements Transaction {
  readonly #producer: Producer;
  readonly #waiting: Sent[] = [];
  #offsets: { consumer: BatchConsumer; offsets: readonly TopicOffset[] } | undefined;

  constructor(producer: Producer) {
    this.#producer = producer;
  }

  send(
    topic: string,
    key: string,
    value: Buffer | null,
    headers?: Readonly<Record<string, string>>,
  ) {
    const sent = {
      topic,
      key,
      value,
      headers: headers && Object.entries(headers).map(([name, text]) => ({ [name]: text })),
    };
    if (this.#waiting.length > 0 || !this.#produce(sent)) this.#waiting.push(sent);
  }

  /** False where the local queue is full. */
  #produce({ topic, key, value, headers }: Sent): boolean {
    try {
      this.#producer.produce(topic, null, value, key, null, undefined, headers);
      return true;
    } catch (error) {
      if (isKafkaError(error) && error.code === kafkaCodes.queueFull) return false;
      throw error;
    }
  }

  async drain(): Promise<void> {
    let done = 0;
    while (done < this.#waiting.length) {
      if (this.#produce(this.#waiting[done] as Sent)) done += 1;
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
    this.#waiting.length = 0;
  }

  sendOffsets(consumer: BatchConsumer, offsets: readonly TopicOffset[]): void {
    this.#offsets = { consumer, offsets };
  }

  async passOffsets(): Promise<void> {
    const passed = this.#offsets;
    if (passed === undefined || passed.offsets.length === 0) return;
    await call((done) =>
      this.#producer.sendOffsetsToTransaction(
        passed.offsets.map((place) => ({ ...place })),
        passed.consumer.raw,
        callTimeoutMs,
        done,
      ),
    );
  }
}

/**
 * A producer that was fenced behind our back says only that it is of no use any more. What its
 * transaction met is asked for: taking such a one for an outage would fence the successor in turn.
 */
async function causeOf(error: unknown, producer: Producer): Promise<unknown> {
  if (!isKafkaError(error) || error.code !== kafkaCodes.fatal) return error;
  try {
    await call((done) => producer.abortTransaction(callTimeoutMs, done));
    return error;
  } catch (told) {
    return told;
  }
}

function isKafkaError(error: unknown): error is LibrdKafkaError {
  return error instanceof Error && typeof (error as { code?: unknown }).code === "number";
}

function call(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

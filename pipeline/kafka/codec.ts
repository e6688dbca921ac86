import avro, { type Type } from "avsc";
import { COMPATIBILITY, SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import type { Topic } from "../../topics/topic.ts";
import { CutoverError } from "../core/errors.ts";
import { checkIn, checkOut, claimAboveBytes, claimMagic } from "./blobs.ts";
import type { KafkaConnection } from "./connection.ts";
import { refuseHostile } from "./hostile.ts";
import { inlineShared, readSchema } from "./schema-files.ts";

/** Avro with the registry's framing: byte 0, schema id, body. */
export interface Codecs {
  /**
   * Registers the topic's schema under `<topic>-value` (SCHEMA_INCOMPATIBLE where the registry
   * refuses it) and returns a synchronous encoder. `schema` replaces the file of a generated one.
   * The encoder throws TEXT_NOT_ENCODABLE; values over 900 KB are claim-checked before it returns.
   */
  encoder<T>(topic: Topic<T>, schema?: object): Promise<(value: T) => Buffer>;
  /** RECORD_UNREADABLE for bytes that are no record, REGISTRY_UNAVAILABLE while it does not answer. */
  decode<T>(value: Buffer): Promise<T>;
  /** As decode, at once where the schema id is known. */
  decodeFast<T>(value: Buffer): T | Promise<T>;
}

interface Reader {
  readonly type: Type;
  readonly resolver: ReturnType<Type["createResolver"]> | undefined;
}

/** Codecs against the connection's registry; schemas are fetched once per id. */
export function openCodecs(connection: KafkaConnection): Codecs {
  return new RegistryCodecs(connection);
}

class RegistryCodecs implements Codecs {
  readonly #registry: SchemaRegistry;
  readonly #blobs: string;
  readonly #readers = new Map<number, Reader>();
  readonly #fetching = new Map<number, Promise<Reader>>();
  /** Our own schemas by full name: what others wrote is resolved into them. */
  readonly #own = new Map<string, Type>();
  #slab = Buffer.allocUnsafe(1024 * 1024);

  constructor(connection: KafkaConnection) {
    this.#blobs = connection.blobFolder;
    this.#registry = new SchemaRegistry({
      host: connection.registry,
      clientId: connection.clientId,
      retry: { retries: 5, initialRetryTimeInSecs: 0.2, maxRetryTimeInSecs: 5 },
    });
  }

  async encoder<T>(topic: Topic<T>, schema?: object): Promise<(value: T) => Buffer> {
    if (schema === undefined && topic.schema === null) {
      throw new CutoverError("CONFIG_INVALID", `Topic ${topic.name} has no schema.`);
    }
    const json = schema === undefined ? readSchema(topic.schema as string) : inlineShared(schema);
    const type = avro.Type.forSchema(json as avro.Schema);
    this.#own.set(type.name as string, type);
    const id = await this.#register(topic, json);
    this.#readers.set(id, { type, resolver: undefined });
    const hasMaps = JSON.stringify(json).includes('"map"');
    return (value) => this.#encode(type, id, value, hasMaps);
  }

  async #register<T>(topic: Topic<T>, json: object): Promise<number> {
    try {
      const { id } = await this.#registry.register(
        { type: SchemaType.AVRO, schema: JSON.stringify(json) },
        { subject: `${topic.name}-value`, compatibility: COMPATIBILITY[topic.compatibility] },
      );
      return id;
    } catch (error) {
      throw registryError(error, topic.name);
    }
  }

  #encode(type: Type, id: number, value: unknown, hasMaps: boolean): Buffer {
    let end: number;
    try {
      end = type.encode(value, this.#slab, 5);
    } catch (error) {
      throw new CutoverError("RECORD_UNMAPPABLE", `${type.name}: ${(error as Error).message}.`, {
        cause: error,
      });
    }
    if (end < 0) {
      this.#slab = Buffer.allocUnsafe(this.#slab.length - end);
      end = type.encode(value, this.#slab, 5);
    }
    this.#slab[0] = 0;
    this.#slab.writeInt32BE(id, 1);
    const framed = Buffer.from(this.#slab.subarray(0, end));
    if (this.#slab.length > 4 * 1024 * 1024) this.#slab = Buffer.allocUnsafe(1024 * 1024);
    refuseHostile(value, framed, hasMaps);
    return framed.length > claimAboveBytes ? checkIn(this.#blobs, framed) : framed;
  }

  async decode<T>(value: Buffer): Promise<T> {
    return this.decodeFast<T>(value);
  }

  decodeFast<T>(value: Buffer): T | Promise<T> {
    const framed =
      value[0] === claimMagic && value.length === 33 ? checkOut(this.#blobs, value) : value;
    if (framed[0] !== 0 || framed.length < 6) {
      throw new CutoverError(
        "RECORD_UNREADABLE",
        "The value does not begin with the registry's framing.",
      );
    }
    const id = framed.readInt32BE(1);
    const reader = this.#readers.get(id);
    if (reader !== undefined) return decoded(reader, framed);
    return this.#reader(id).then((found) => decoded<T>(found, framed));
  }

  /** Single flight per id: a burst of unknown ids asks the registry once. */
  #reader(id: number): Promise<Reader> {
    let fetching = this.#fetching.get(id);
    if (fetching === undefined) {
      fetching = this.#fetch(id).finally(() => this.#fetching.delete(id));
      this.#fetching.set(id, fetching);
    }
    return fetching;
  }

  async #fetch(id: number): Promise<Reader> {
    let writer: Type;
    try {
      writer = (await this.#registry.getSchema(id)) as unknown as Type;
    } catch (error) {
      throw registryError(error, `schema ${id}`);
    }
    const own = this.#own.get(writer.name as string);
    const type = own ?? writer;
    const resolver = type.equals(writer) ? undefined : type.createResolver(writer);
    const reader = { type, resolver };
    this.#readers.set(id, reader);
    return reader;
  }
}

function decoded<T>({ type, resolver }: Reader, framed: Buffer): T {
  let result: { value: T; offset: number };
  try {
    result = type.decode(framed, 5, resolver);
  } catch (error) {
    throw new CutoverError("RECORD_UNREADABLE", `The value is no ${type.name}.`, { cause: error });
  }
  const { value, offset } = result;
  if (offset !== framed.length) {
    throw new CutoverError(
      "RECORD_UNREADABLE",
      offset < 0 ? "The value is cut off." : "The value has bytes behind its end.",
    );
  }
  return value;
}

function registryError(error: unknown, what: string): CutoverError {
  const { message, status } = error as { message: string; status?: number };
  if (/incompatib|compatib/i.test(message) || status === 409) {
    return new CutoverError(
      "SCHEMA_INCOMPATIBLE",
      `The registry refuses the schema of ${what}: ${message}`,
      { cause: error },
    );
  }
  if (status === 404) {
    return new CutoverError("RECORD_UNREADABLE", `The registry does not know ${what}.`, {
      cause: error,
    });
  }
  return new CutoverError(
    "REGISTRY_UNAVAILABLE",
    `The registry does not answer for ${what}: ${message}`,
    { cause: error },
  );
}

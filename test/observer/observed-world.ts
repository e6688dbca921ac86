import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Observed } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { type ControlFollower, followControl } from "../../pipeline/kafka/control.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { runLedger } from "../../sinks/clickhouse/ledger.ts";
import { type LedgerClient, ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { runObserver } from "../../sinks/observer/observer.ts";
import { canonical } from "../../sinks/canonical.ts";
import { allTopics, observedTopic } from "../../topics/index.ts";
import { testStage } from "../kafka-connection.ts";
import type { LoaderWorld } from "../loader/loader-world.ts";

/** Something that runs until it is stopped. */
interface Stoppable {
  stop(): Promise<void>;
}

/** A loader's world with an observer and a ledger, and what a test asks of the two. */
export class ObservedWorld {
  readonly #world: LoaderWorld;
  #observer!: Stoppable;
  #ledger!: Stoppable & { readonly client: LedgerClient };
  #control!: ControlFollower;

  constructor(world: LoaderWorld) {
    this.#world = world;
  }

  async open(): Promise<this> {
    await this.startObserver();
    this.#ledger = await this.#startLedger();
    this.#control = await followControl(this.#world.connection, this.#world.migration);
    return this;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#observer.stop(), this.#ledger.stop(), this.#control.close()]);
  }

  get ledger(): LedgerClient {
    return this.#ledger.client;
  }

  async startObserver(): Promise<void> {
    const { connection, migration, plan } = this.#world;
    const sink = await this.#world.org.sink();
    const stage = testStage("observer");
    const running = runObserver({
      ...{ stage, connection, migration, plan, planHash: plan.hash, sink },
      intervalMs: 300,
    });
    running.catch(() => {});
    this.#observer = {
      stop: async () => {
        stage.stop.abort();
        await running.finally(() => sink.close());
      },
    };
  }

  stopObserver(): Promise<void> {
    return this.#observer.stop();
  }

  async #startLedger(): Promise<Stoppable & { readonly client: LedgerClient }> {
    const { connection, migration, plan } = this.#world;
    const stage = testStage("ledger");
    const ready = Promise.withResolvers<string>();
    const path = mkdtempSync(join(tmpdir(), "cutover-ledger-"));
    const running = runLedger({
      ...{ stage, connection, migration, plan, canonical, clickhouse: { path } },
      ...{ httpPort: 0, onReady: ready.resolve },
    });
    running.catch(ready.reject);
    return {
      client: ledgerClient(await ready.promise),
      stop: async () => {
        stage.stop.abort();
        await running;
      },
    };
  }

  /** Everything in the observed topic. */
  async observed(): Promise<readonly Observed[]> {
    const codecs = openCodecs(this.#world.connection);
    const found: Observed[] = [];
    const topic = observedTopic(this.#world.migration).name;
    await readToEnd(this.#world.connection, [topic], async (record) => {
      found.push(await codecs.decode<Observed>(record.value as Buffer));
    });
    return found;
  }

  async answered(kind: "sweep_done" | "recheck_done", name: string): Promise<void> {
    await expect
      .poll(async () => {
        await this.#control.catchUp();
        return this.#control.state.get(kind, name) !== undefined;
      })
      .toBe(true);
  }

  /** Reads everything back. */
  async sweep(name: string): Promise<void> {
    await this.#world.control.say("sweep", name, {}, "test");
    await this.answered("sweep_done", name);
    await this.level();
  }

  /** Asks for whatever deviates once more, and says what that was. */
  async recheck(name: string): Promise<readonly { object: string; key: string }[]> {
    const keys = await this.ledger.suspicious();
    await this.#world.control.say("recheck", name, { keys }, "test");
    await this.answered("recheck_done", name);
    await this.level();
    return keys;
  }

  /** Waits until the ledger has read all there is. */
  async level(): Promise<void> {
    const { connection, migration, plan } = this.#world;
    const objects = [...new Set(plan.objects.map(({ object }) => object))];
    const names = allTopics(migration, objects)
      .map((topic) => topic.name)
      .filter((name) => !/\.(cursor|preimage)$/.test(name));
    const ends = await highWatermarks(connection, names);
    const behind = async (): Promise<string[]> => {
      const at = await this.ledger.positions();
      return names.filter((name) =>
        (ends.get(name) ?? []).some((end, index) => (at.get(name)?.[index] ?? 0) < end),
      );
    };
    await expect.poll(behind).toEqual([]);
  }

  states(): Promise<readonly { key: string; state: string; reason: string }[]> {
    return this.ledger.query("SELECT key, state, reason FROM record_state ORDER BY key");
  }
}

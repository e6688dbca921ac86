import { expect } from "vitest";
import type { Version } from "../../pipeline/core/version.ts";
import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { canonical as ofSalesforce } from "../../sinks/canonical.ts";
import { runLedger } from "../../sinks/clickhouse/ledger.ts";
import { type LedgerClient, ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import type { Sink } from "../../sinks/sink.ts";
import * as topics from "../../topics/index.ts";
import { testStage } from "../kafka-connection.ts";
import { ObserverScribe } from "./observer-scribe.ts";
import { entityOf, type Fields, idOf } from "./stage-scribe.ts";

/** Writes a migration's records by hand, as the stages would, and lets a ledger read them. */
export class Scribe extends ObserverScribe {
  /** The whole way of a living Case: read, mapped, sent and created. */
  async createdCase(id: string, fields: Fields): Promise<Version> {
    const version = await this.source("job", id, { members: "whole" });
    await this.load("Case", id, version, fields);
    await this.request("Case", `job-${id}`, version, "intended");
    await this.request("Case", `job-${id}`, version, "ended");
    await this.outcome("Case", `job-${id}`, version, "created");
    return version;
  }

  /** The whole way of a record that ends in these rows without a key. */
  async created(
    object: string,
    key: string,
    fields: Fields,
    ids: readonly string[],
    rows: readonly Fields[] | null = null,
    known?: Version,
  ): Promise<Version> {
    const version = known ?? (await this.source(entityOf(key), idOf(key)));
    await this.load(object, idOf(key), version, fields, rows);
    await this.request(object, key, version, "intended");
    await this.request(object, key, version, "ended");
    await this.outcome(object, key, version, "created");
    await this.identity(object, key, version, ids);
    return version;
  }

  /** A ledger over what is written, in this process: one at a time. */
  async ledger(
    folder = this.folder,
    canonical: Sink["canonical"] = ofSalesforce,
  ): Promise<{ client: LedgerClient; url: string; stop(): Promise<void> }> {
    const stage = testStage("ledger");
    let ready: (url: string) => void = () => {};
    const url = new Promise<string>((resolve) => {
      ready = resolve;
    });
    const running = runLedger({
      ...{ stage, connection: this.connection, migration: this.migration },
      ...{ plan: this.plan, canonical },
      ...{ clickhouse: { path: folder }, httpPort: 0, onReady: ready },
    });
    const address = await Promise.race([url, running.then(() => "")]);
    return {
      client: ledgerClient(address),
      url: address,
      async stop() {
        stage.stop.abort();
        await running;
      },
    };
  }

  /** Waits until the ledger has read all that was written. */
  async level(client: LedgerClient): Promise<void> {
    const names = topics
      .allTopics(this.migration, this.objects)
      .map((topic) => topic.name)
      .filter((name) => !/\.(cursor|preimage)$/.test(name));
    const ends = await highWatermarks(this.connection, names);
    await expect
      .poll(async () => {
        const positions = await client.positions();
        return names.filter((name) => (positions.get(name)?.[0] ?? 0) < (ends.get(name)?.[0] ?? 0));
      })
      .toEqual([]);
  }
}

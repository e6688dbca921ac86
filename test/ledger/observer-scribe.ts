import { highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import * as topics from "../../topics/index.ts";
import { StageScribe } from "./stage-scribe.ts";

/** Who reads and writes at the destination in our name. */
export const ourUser = "005000000000100AAA";

type Found = Readonly<Record<string, string | null>>;

/** Writes also what the observer would have read. */
export class ObserverScribe extends StageScribe {
  /** Ends of the topics a read is judged by. */
  async vectors(object: string) {
    const names = [
      topics.outcomeTopic(this.migration).name,
      topics.requestTopic(this.migration).name,
      topics.loadTopic(this.migration, object).name,
    ] as const;
    const ends = await highWatermarks(this.connection, names);
    return {
      outcome_before: ends.get(names[0]) ?? [],
      request_after: ends.get(names[1]) ?? [],
      load_before: ends.get(names[2]) ?? [],
    };
  }

  /** A row as the observer would have read it now (or earlier, by its vectors). */
  async observed(object: string, key: string, fields: Found, more: object = {}): Promise<void> {
    // Of an object without keys the row's id is given, as `id:…`.
    const keyless = key.startsWith("id:");
    await this.write(topics.observedTopic(this.migration), {
      ...this.#read("row", object),
      ...(await this.vectors(object)),
      ...{
        destination_id: keyless ? key.slice(3) : `id-${key}`,
        key: keyless ? null : key,
        fields,
        modified_at: this.now(),
        lane: "fast",
        read_id: "fast-1",
      },
      ...more,
    });
  }

  /** A whole sweep of an object that sees these rows. */
  async sweep(
    object: string,
    name: string,
    rows: readonly { readonly key: string; readonly fields: Found }[],
  ): Promise<void> {
    const observed = topics.observedTopic(this.migration);
    const vectors = await this.vectors(object);
    const said = { read_id: name, lane: "sweep", ...vectors };
    const begin = { ...this.#read("sweep_begin", object), ...said, modified_by: ourUser };
    await this.write(observed, begin);
    for (const { key, fields } of rows)
      await this.observed(object, key, fields, { ...said, read_id: name });
    const observed_end =
      (await highWatermarks(this.connection, [observed.name])).get(observed.name) ?? [];
    await this.write(observed, {
      ...this.#read("sweep_end", object),
      ...said,
      rows: rows.length,
      observed_end,
    });
  }

  async absent(object: string, key: string): Promise<void> {
    const vectors = await this.vectors(object);
    await this.write(topics.observedTopic(this.migration), {
      ...this.#read("absent", object),
      ...vectors,
      ...{ key, read_id: `ask/${key}`, lane: "ask" },
    });
  }

  #read(kind: string, object: string) {
    return {
      ...{
        kind,
        object,
        destination_id: "",
        key: null as string | null,
        deleted: false,
        fields: {} as Found,
      },
      ...{
        modified_at: null as number | null,
        modified_by: null as string | null,
        read_id: "",
        lane: "",
        rows: null as number | null,
      },
      ...{ observed_end: null as readonly number[] | null, read_at: this.now() },
    };
  }
}

import { expect, test } from "vitest";
import { rowWith, type SinkRow } from "../../sinks/sink.ts";

/** As the loader's rows are: what they are is made when it is asked for. */
class MadeRow implements SinkRow {
  readonly destinationId = "id-1";
  get key(): string {
    return "line-1";
  }
  get fields() {
    return { name: "asked" };
  }
  get targets() {
    return { parent: "account" };
  }
  get rows() {
    return [{ part: "1" }];
  }
}

test("a row with other fields keeps its key, ids, targets and parts, also where they are made when asked for", () => {
  const row = rowWith(new MadeRow(), { name: "other" });
  expect(row).toEqual({
    key: "line-1",
    destinationId: "id-1",
    fields: { name: "other" },
    targets: { parent: "account" },
    rows: [{ part: "1" }],
  });
});

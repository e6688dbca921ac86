import { CutoverError } from "../../pipeline/core/errors.ts";
import {
  type RowResult,
  type RowResults,
  resultKey,
  type Sink,
  type SinkGroup,
  type SinkRow,
} from "../../sinks/sink.ts";

type Send = Sink["send"];

const keysOf = (groups: readonly SinkGroup[]): readonly string[] =>
  groups.flatMap(({ plan, rows }) => rows.map(({ key }) => resultKey(plan.object, key)));

/** A lie about what was said of the rows. */
const says =
  (lie: (results: RowResults, groups: readonly SinkGroup[]) => RowResults) =>
  (send: Send): Send =>
  async (groups, ...more) =>
    lie(await send(groups, ...more), groups);

/** A lie in what is written. */
const writes =
  (lie: (row: SinkRow, group: SinkGroup) => SinkRow) =>
  (send: Send): Send =>
  (groups, ...more) => {
    const lied = groups.map((group) => ({
      ...group,
      rows: group.rows.map((row) => lie(row, group)),
    }));
    return send(lied, ...more);
  };

/** The loader's rows make their members when they are read: a spread would lose them. */
const withFields = (row: SinkRow, fields: SinkRow["fields"]): SinkRow => {
  const { key, destinationId, targets = {} } = row;
  return { key, destinationId, targets, fields };
};

const texts = (row: SinkRow, change: (text: string) => string): SinkRow => {
  const changed = Object.entries(row.fields).map(([name, value]) => {
    return [name, typeof value === "string" ? change(value) : value] as const;
  });
  return withFields(row, Object.fromEntries(changed));
};

/** A lost reply taken for an answer. */
const takes =
  (result: (row: SinkRow) => RowResult) =>
  (send: Send): Send =>
  (groups, ...more) =>
    send(groups, ...more).catch((error: unknown) => {
      if (!(error instanceof CutoverError) || error.code !== "SINK_REPLY_LOST") throw error;
      const said = groups.flatMap(({ plan, rows }) =>
        rows.map((row) => [resultKey(plan.object, row.key), result(row)] as const),
      );
      return new Map(said);
    });

const each = (change: (result: RowResult) => RowResult) =>
  says((results) => new Map([...results].map(([key, result]) => [key, change(result)])));

const refusal: RowResult = {
  kind: "refused",
  ...{ code: "NO_REPLY", message: "No reply.", field: null, destinationId: null },
  class: "retry",
};

const wrongs = {
  "loses the last row":
    (send) =>
    async (groups, ...more) => {
      const last = groups.at(-1) as SinkGroup;
      const [row] = last.rows.slice(-1) as [SinkRow];
      const results = await send(
        [...groups.slice(0, -1), { ...last, rows: last.rows.slice(0, -1) }],
        ...more,
      );
      const id = row.destinationId ?? [...results.values()][0]?.destinationId ?? "none";
      const kinds = { insert: "created", update: "updated", delete: "deleted" } as const;
      const said: RowResult = { kind: kinds[last.operation], destinationId: id };
      return new Map(results).set(resultKey(last.plan.object, row.key), said);
    },
  "swaps two results": says((results) => {
    const [[first, one], [second, other], ...rest] = [...results] as [
      ...[[string, RowResult], [string, RowResult]],
      ...[string, RowResult][],
    ];
    return new Map([[first, other], [second, one], ...rest]);
  }),
  "answers by position, the refused ones last": says((results, groups) => {
    const inOrder = keysOf(groups).flatMap((key) => results.get(key) ?? []);
    const last = inOrder.toSorted(
      (a, b) => Number(a.kind === "refused") - Number(b.kind === "refused"),
    );
    return new Map(
      keysOf(groups).flatMap((key, at) => {
        const result = last[at];
        return result === undefined ? [] : [[key, result] as const];
      }),
    );
  }),
  "names nobody": each((result) =>
    result.kind === "refused" ? { ...result, destinationId: null } : result,
  ),
  "takes a lost reply for a refusal": takes(() => refusal),
  "takes a lost reply for success": takes(({ destinationId }) => ({
    kind: "updated",
    destinationId: destinationId ?? "none",
  })),
  "takes what is gone for updated": each((result) =>
    result.kind === "gone" ? { kind: "updated", destinationId: result.destinationId } : result,
  ),
  "cuts long texts": writes((row) => texts(row, (text) => text.slice(0, 160))),
  "writes ASCII only": writes((row) => texts(row, (text) => text.replace(/[^\x20-\x7e]/g, "?"))),
  "takes #N/A for null": writes((row) => texts(row, (text) => (text === "#N/A" ? "" : text))),
  "loses the parents": writes((row, { plan }) => {
    const lookups = plan.fields.flatMap(({ name, reference }) => (reference ? [name] : []));
    const none = lookups.flatMap((name) => (name in row.fields ? [[name, null] as const] : []));
    return withFields(row, { ...row.fields, ...Object.fromEntries(none) });
  }),
} as const satisfies Record<string, (send: Send) => Send>;

/** Ways a sink may be wrong, each of which a scenario must see. */
export const lies: Readonly<Record<string, (send: Send) => Send>> = wrongs;

/** The sink, with everything but what it sends as it is. */
export function lying(sink: Sink, lie: string): Sink {
  const wrong = lies[lie] as (send: Send) => Send;
  // A getter among the members is read each time.
  return Object.assign(Object.create(sink) as Sink, {
    send: wrong((...args) => sink.send(...args)),
  });
}

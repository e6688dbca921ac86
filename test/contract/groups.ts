import type { Operation, SinkGroup, SinkRow } from "../../sinks/sink.ts";
import { spread } from "./names.ts";
import type { Fields, Step } from "./scenario.ts";
import type { Sight } from "./standing.ts";

type Send = Extract<Step, { send: unknown }>["send"];

/** A run's rows so far: the ids the sink named, and the fields sent last. */
export interface Sent {
  readonly ids: Map<string, string>;
  readonly rows: Map<string, SinkRow>;
}

/** A step's rows as the sink takes them. */
export function groupsOf(sight: Sight, sent: Sent, send: Send): readonly SinkGroup[] {
  return [
    ...groupsOfRows(sight, sent, "insert", send.insert ?? {}),
    ...groupsOfRows(sight, sent, "update", send.update ?? {}),
    ...groupsOfRows(
      sight,
      sent,
      "delete",
      Object.fromEntries((send.delete ?? []).map((key) => [key, {}])),
    ),
  ];
}

function groupsOfRows(
  { names }: Sight,
  sent: Sent,
  operation: Operation,
  rows: Readonly<Record<string, Fields>>,
): readonly SinkGroup[] {
  const byPlan = Map.groupBy(spread(rows), ([key]) => names.plan(key));
  return [...byPlan].map(([plan, some]) => ({
    ...{ plan, operation },
    rows: some.map(([key, fields]) => {
      const own = names.key(key);
      const { values, targets } = resolved(plan, names.fields(key, fields), sent.ids);
      const destinationId = operation === "insert" ? null : (sent.ids.get(own) ?? null);
      const row: SinkRow = { key: own, destinationId, fields: values, targets };
      sent.rows.set(own, row);
      return row;
    }),
  }));
}

/** Lookups as ids of rows sent before. */
function resolved(
  plan: SinkGroup["plan"],
  values: SinkRow["fields"],
  ids: ReadonlyMap<string, string>,
) {
  const targets: Record<string, string> = {};
  const known = Object.entries(values).map(([name, value]) => {
    const { reference } = plan.fields.find((field) => field.name === name) ?? {};
    if (reference === undefined || value === null) return [name, value] as const;
    targets[name] = reference.object;
    return [name, ids.get(String(value)) ?? null] as const;
  });
  return { values: Object.fromEntries(known), targets };
}

import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import { withReferences } from "../truth/references.ts";
import {
  type Child,
  type ChildEntity,
  childrenOf,
  type Entity,
  nests,
  type Row,
} from "../truth/row.ts";

/** A line of a truth file that cannot be taken; the message names file, line, field and remedy. */
export class TruthLineRefused extends Error {
  constructor(file: string, line: number, said: string) {
    super(`${file}, line ${line}: ${said}`);
    this.name = "TruthLineRefused";
  }
}

/** A checked line of a truth file. */
export interface Line {
  readonly entity: string;
  readonly row: Record<string, unknown>;
  readonly at: number;
}

/** Commits a record at its own time; what the line does not say is said for it. */
export function put(
  ledger: Ledger,
  entity: Entity,
  fields: Record<string, unknown>,
  now: number,
): void {
  const created = (fields["created_at"] as string | undefined) ?? iso(now);
  const updated = (fields["updated_at"] as string | undefined) ?? created;
  const times = { created_at: utc(created), updated_at: utc(updated) };
  const row = { ...fields, ...times } as Row;
  const deleted = typeof row["deleted_at"] === "string";
  const kind = deleted ? "deleted" : "alive";
  ledger.append(
    entity,
    withReferences(ledger, entity, { ...row, active: !deleted && row.active }),
    { kind, commitAt: Date.parse(updated) },
  );
}

/** Puts nested records into their parents; one whose parent is not there is refused. */
export function nest(ledger: Ledger, file: string, lines: readonly Line[], now: number): void {
  const byParent = Map.groupBy(lines, (line) => parentOf(line).join(" "));
  ledger.together(() => {
    for (const children of byParent.values()) {
      const first = children[0] as Line;
      const [parent, id] = parentOf(first);
      const row = ledger.newest(parent, id)?.row;
      if (row !== undefined) put(ledger, parent, { ...row, ...nested(row, children) }, now);
      else
        throw new TruthLineRefused(
          file,
          first.at,
          `the field ${parent}_id of this ${first.entity} names ${parent} ${id}, which the file does not have. Add the ${parent} or take the line out.`,
        );
    }
  });
}

function parentOf({ entity, row }: Line): readonly ["job" | "contact", string] {
  const { parent, reference } = nests[entity as ChildEntity];
  return [parent, String(row[reference])];
}

function nested(parent: Row, lines: readonly Line[]): Record<string, Child[]> {
  const lists: Record<string, Child[]> = {};
  for (const [entity, { field, reference }] of Object.entries(nests)) {
    const own = lines.filter((line) => line.entity === entity);
    if (own.length === 0) continue;
    const added = own.map(({ row: { [reference]: _parent, ...child } }) => ({
      id: null,
      ...child,
    }));
    lists[field] = [...childrenOf(parent, entity as ChildEntity), ...added];
  }
  return lists;
}

function utc(time: string): string {
  return new Date(time).toISOString();
}

import { z } from "zod";
import type { Database } from "../store/database.ts";
import { type CustomField, customField, objectOrder } from "./custom.ts";

const keptObject = objectOrder.omit({ fields: true }).extend({ keyPrefix: z.string() });

/** A custom object as it was ordered, without its fields. */
export type KeptObject = z.infer<typeof keptObject>;

/** One thing that was created: an object, or a field of one. */
export type Definition =
  | { readonly object: string; readonly head: KeptObject }
  | { readonly object: string; readonly field: CustomField };

/** Everything that was created in the org, as it was ordered; kept through a restart. */
export interface Definitions {
  /** In the order of creation. */
  all(): readonly Definition[];
  head(object: string): KeptObject | undefined;
  field(object: string, name: string): CustomField | undefined;
  fieldsOf(object: string): readonly CustomField[];
  keepHead(head: KeptObject): void;
  keepField(object: string, field: CustomField): void;
  /** Forgets a field, or an object with all its fields. */
  drop(object: string, field?: string): void;
}

/** Opens the definitions kept in a database. */
export function definitionsOf(database: Database): Definitions {
  const { sql } = database;
  const keep = sql.prepare(
    "INSERT INTO definition (object, field, body) VALUES (?, ?, ?) ON CONFLICT (object, field) DO UPDATE SET body = excluded.body",
  );
  const remove = sql.prepare("DELETE FROM definition WHERE object = ? AND field = ?");
  const removeAll = sql.prepare("DELETE FROM definition WHERE object = ?");
  const select = sql.prepare("SELECT object, field, body FROM definition ORDER BY seq");
  const one = sql.prepare(
    "SELECT body FROM definition WHERE object = ? AND field = ? COLLATE NOCASE",
  );
  const ofObject = sql.prepare(
    "SELECT body FROM definition WHERE object = ? AND field <> '' ORDER BY seq",
  );
  const bodyOf = (object: string, field: string): unknown => {
    const row = one.get(object, field) as { body: string } | undefined;
    return row === undefined ? undefined : JSON.parse(row.body);
  };
  return {
    all() {
      const rows = select.all() as { object: string; field: string; body: string }[];
      return rows.map(({ object, field, body }) =>
        field === ""
          ? { object, head: keptObject.parse({ name: object, ...JSON.parse(body) }) }
          : { object, field: customField.parse(JSON.parse(body)) },
      );
    },
    head: (object) => keptObject.optional().parse(bodyOf(object, "")),
    field: (object, name) => customField.optional().parse(bodyOf(object, name)),
    fieldsOf: (object) =>
      (ofObject.all(object) as { body: string }[]).map(({ body }) =>
        customField.parse(JSON.parse(body)),
      ),
    keepHead: (head) => void keep.run(head.name, "", JSON.stringify(head)),
    keepField: (object, field) => void keep.run(object, field.name, JSON.stringify(field)),
    drop(object, field) {
      if (field === undefined) removeAll.run(object);
      else remove.run(object, field);
    },
  };
}

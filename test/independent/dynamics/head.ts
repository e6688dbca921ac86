import { moment, text } from "../canonical-text.ts";
import { type Columns, idOf, keyOf, type Parts, type Row } from "../rule.ts";
import type { TruthEntity } from "../truth.ts";
import { canonicalJson } from "./forms.ts";

/** Who stands as the author of what no user wrote: the user the migration signs in as. */
export const application = "the application";

/** What every row tells of its record, however it came to be. */
export function head(row: Row, id: string, parts: Parts): Columns {
  return {
    qd_sourcesystemid: id,
    ...stamps(row, parts),
    qd_sourcecreatedon: moment(row["created_at"]),
    qd_sourceupdatedon: moment(row["updated_at"]),
    qd_sourcecreatedby: text(row["created_by"]),
    qd_customproperties: canonicalJson(propertiesOf(row)),
  };
}

/** When a row was made and by whom: set by an insert, as the source says. */
export function stamps(row: Row, parts: Parts, written: Row = row): Columns {
  return {
    createdon: moment(written["created_at"]) ?? undefined,
    createdby: author(parts, written["created_by"]),
  };
}

function author(parts: Parts, id: unknown): string | undefined {
  const email = parts.person("user", id);
  return email === null ? application : email;
}

interface Property {
  readonly key: string;
  readonly label: string | null;
  readonly value: unknown;
}

/** A record's custom properties, each value as text. */
export function propertiesOf(
  row: Row,
): readonly { key: string; label: string | null; value: string | null }[] {
  return ((row["custom"] ?? []) as Property[]).map(({ key, label, value }) => ({
    key,
    label,
    value: value === null || typeof value === "string" ? value : JSON.stringify(value),
  }));
}

/** The source key of a record that need not be there. */
export function keyText(entity: TruthEntity, id: unknown): string | null {
  const named = idOf(id);
  return named === null ? null : keyOf(entity, named);
}

import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import { platformUpdate } from "./platform-rows.ts";
import { binRow } from "./recycle-bin.ts";
import { noAccess, refused, rowError, type RowOutcome, unsupported } from "./row-error.ts";
import type { Writer } from "./write.ts";

const mergeable: ReadonlySet<string> = new Set(["Account", "Contact", "Case"]);
/** A master and two others. */
const mostLosers = 2;

/** Merges rows into a master: their children become its own, they go to the bin and name it. Not undone by undeleting them. */
export function mergeRows(
  writer: Writer,
  object: SObject,
  masterId: string,
  loserIds: readonly string[],
): RowOutcome {
  const rows = writer.org.rows(object.name);
  const master = rows.byId(masterId);
  const losers = loserIds.map((id) => rows.byId(id));
  if (!mergeable.has(object.name)) return refused(unsupported(object, "update"), masterId);
  const access = writer.access.object(object);
  if (!access.edit || !access.delete) return refused(noAccess(), masterId);
  if (loserIds.length === 0 || loserIds.length > mostLosers || loserIds.includes(masterId)) {
    return refused(
      rowError("INVALID_ARGUMENT_TYPE", "one or two other records to merge"),
      masterId,
    );
  }
  const missing = [master, ...losers].some((row) => row === undefined || row.deleted);
  if (missing || master === undefined) {
    return refused(rowError("ENTITY_IS_DELETED", "entity is deleted"), masterId);
  }
  for (const loser of losers) if (loser !== undefined) absorb(writer, object, master, loser);
  platformUpdate(writer, object.name, master, {});
  return { ok: true, id: master.id, created: false };
}

function absorb(writer: Writer, object: SObject, master: Row, loser: Row): void {
  const { org } = writer;
  for (const { child, field } of org.schema.childrenOf(object)) {
    if (field.deleteRule === "keep") continue;
    const rows = org.rows(child.name);
    for (const n of rows.indexes.get(field.name)?.find(loser.id) ?? []) {
      const row = rows.get(n);
      if (row !== undefined) platformUpdate(writer, child.name, row, { [field.name]: master.id });
    }
  }
  org.rows(object.name).update(loser, writer.stamp, { ...loser.values, MasterRecordId: master.id });
  binRow(writer, object.name, loser, loser.id);
}

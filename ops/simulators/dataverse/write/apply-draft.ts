import type { Writer } from "../extension.ts";
import type { Row } from "../rows/row.ts";
import { associate, membersOf } from "./navigation.ts";
import type { Draft } from "./draft.ts";

/** Creates a drafted row with everything that comes with it. */
export function createDraft(writer: Writer, draft: Draft): Row {
  for (const { relationship, draft: parent } of draft.parents) {
    const { table, id } = createDraft(writer, parent);
    draft.values[relationship.referencingAttribute] = { table, id };
  }
  const options = draft.id === undefined ? {} : { id: draft.id };
  const row = writer.create(draft.table.logicalName, draft.values, options);
  return completeDraft(writer, row, draft);
}

/** Changes a row as drafted; the parties of an activity are replaced, not added to. */
export function updateDraft(writer: Writer, row: Row, draft: Draft): Row {
  const updated = writer.update(row, draft.values);
  for (const collection of new Set(draft.children.map((child) => child.collection)))
    for (const member of [...membersOf(writer.env, row.id, collection)]) writer.delete(member);
  return completeDraft(writer, updated, draft);
}

function completeDraft(writer: Writer, row: Row, draft: Draft): Row {
  for (const { collection, draft: child } of draft.children) {
    if (collection.kind === "oneToMany") {
      child.values[collection.relationship.referencingAttribute] = { table: row.table, id: row.id };
      createDraft(writer, child);
    } else {
      const made = createDraft(writer, child);
      associate(writer, row, collection, { table: made.table, id: made.id });
    }
  }
  for (const { collection, target } of draft.links) associate(writer, row, collection, target);
  return draft.children.length + draft.links.length === 0 ? row : writer.read(row.table, row.id);
}

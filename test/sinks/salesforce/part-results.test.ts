import { expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import { partResults } from "../../../sinks/salesforce/part-results.ts";
import type { RowResult, SinkGroup } from "../../../sinks/sink.ts";

const comment: ObjectPlan = {
  object: "CaseComment",
  entity: "note",
  identity: "content",
  keyField: "",
  idField: "",
  fields: [{ name: "CommentBody", type: "textarea", perRow: true }],
};
const group = (operation: SinkGroup["operation"]): SinkGroup => ({
  plan: comment,
  operation,
  rows: [
    {
      key: "note-1",
      destinationId: "00a1",
      moreIds: ["00a2"],
      fields: {},
      rows: [{ CommentBody: "one" }, { CommentBody: "two" }],
    },
  ],
});
const made = (destinationId: string): RowResult => ({ kind: "created", destinationId });
const locked: RowResult = {
  kind: "refused",
  code: "UNABLE_TO_LOCK_ROW",
  message: "",
  field: null,
  class: "retry",
  destinationId: null,
};

test("a record of several rows has one result, with the ids of all of them in their order", () => {
  const parts = partResults(group("insert"));
  parts.add("note-1", 2, made("00a2"));
  expect([...parts.all()]).toEqual([]);
  parts.add("note-1", 1, made("00a1"));
  expect([...parts.all()]).toEqual([["note-1", { ...made("00a1"), moreIds: ["00a2"] }]]);
});

test("a record inserted in part has no result, so that what is there is asked for", () => {
  const parts = partResults(group("insert"));
  parts.add("note-1", 1, made("00a1"));
  parts.add("note-1", 2, locked);
  expect([...parts.all()]).toEqual([]);
  const updated = partResults(group("update"));
  updated.add("note-1", 1, { kind: "updated", destinationId: "00a1" });
  updated.add("note-1", 2, locked);
  expect([...updated.all()]).toEqual([["note-1", locked]]);
});

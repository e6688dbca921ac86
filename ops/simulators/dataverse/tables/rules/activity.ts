import type { Environment } from "../../environment.ts";
import type { TableRules, Writer } from "../../extension.ts";
import { nameOf } from "../../query/formatted.ts";
import { isLookup, type Row, type Values } from "../../rows/row.ts";
import { ApiError, badArgument } from "../../web/api-error.ts";
import { refuseClosed } from "./read-only.ts";

/** Activities: completed and canceled ones are read-only, and each has its row among all activities. */
export const activityRules: TableRules = {
  beforeCreate(_writer, table, values) {
    values["activitytypecode"] = table.logicalName;
    if (table.logicalName === "appointment") checkTimes(values);
  },
  afterCreate: mirrorActivity,
  beforeUpdate(writer, before, changes) {
    const { statecode } = before.values;
    if (statecode === 1 || statecode === 2) refuseClosed(writer, before, changes);
    if (before.table === "appointment") checkTimes({ ...before.values, ...changes });
    const ends = before.values["actualend"] ?? changes["actualend"] ?? writer.now;
    if (changes["statecode"] === 1 && statecode !== 1) changes["actualend"] ??= ends;
  },
  afterUpdate: (writer, _before, after) => mirrorActivity(writer, after),
  afterDelete({ env }, row) {
    const pointer = env.rows("activitypointer").get(row.id);
    if (pointer !== undefined) env.rows("activitypointer").drop(pointer);
  },
};

/** A pointer keeps what it is found by; everything else is read from its activity, which goes when it goes. */
export const pointerRules: TableRules = {
  beforeUpdate() {
    throw new ApiError(
      400,
      "0x80040800",
      "The method 'Update' does not support entities of type 'activitypointer'.",
    );
  },
  afterDelete(writer, row) {
    const activity = activityOf(writer.env, row);
    if (activity !== undefined) writer.delete(activity);
  },
  read(env, row) {
    const activity = activityOf(env, row);
    if (activity === undefined) return {};
    const state = activity.values["statecode"] ?? 0;
    return { ...activity.values, statuscode: Number(state) + 1 };
  },
};

/** Takes the name of who takes part. */
export const partyRules: TableRules = {
  beforeCreate({ env }, _table, values) {
    const party = values["partyid"];
    if (!isLookup(party)) {
      if (typeof values["addressused"] === "string") return;
      throw badArgument("The party id of an activity party is missing.");
    }
    values["partyidname"] ??= nameOf(env, party.table, party.id)?.slice(0, 400) ?? null;
  },
};

/** Gives an activity its row among all activities, or brings that up to date. */
export function mirrorActivity({ env }: Writer, row: Row): void {
  const pointers = env.rows("activitypointer");
  const { regardingobjectid = null, createdon = null, modifiedon = null } = row.values;
  const values: Values = { activitytypecode: row.table, createdon, modifiedon, regardingobjectid };
  const known = pointers.get(row.id);
  if (known === undefined) pointers.insert(row.id, env.nextVersion(), values);
  else pointers.update(known, env.nextVersion(), values);
}

function activityOf(env: Environment, pointer: Row): Row | undefined {
  const table = pointer.values["activitytypecode"];
  return typeof table === "string" && env.model.table(table) !== undefined
    ? env.rows(table).get(pointer.id)
    : undefined;
}

function checkTimes({ scheduledstart, scheduledend }: Values): void {
  if (typeof scheduledstart !== "string" || typeof scheduledend !== "string") {
    const message =
      "Required fields 'scheduledstart' and 'scheduledend' are missing for table 'appointment'.";
    throw new ApiError(400, "0x80040200", message);
  }
  if (scheduledend < scheduledstart)
    throw badArgument("The scheduled end of an appointment is before its scheduled start.");
}

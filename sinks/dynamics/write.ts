import {
  type Operation,
  type RowResult,
  resultKey,
  type SinkGroup,
  type SinkRow,
} from "../sink.ts";
import { type Refusal, refused, type ServiceError } from "./errors.ts";
import { joined, type LateText } from "./late-text.ts";
import { type Payload, payloadOf } from "./payload.ts";
import type { RowForm } from "./row-form.ts";
import { rowGuid } from "./row-guid.ts";

/** One row on its way. */
export interface Write {
  readonly form: RowForm;
  readonly operation: Operation;
  readonly row: SinkRow;
  /** Its primary key: made from the source key for inserts. */
  readonly id: string;
  readonly payload: Payload;
  /** What stands there goes first: this cannot be made of it. */
  readonly anew: boolean;
}

const severalRows = "Dynamics takes one row a record: a text that is long needs no parts here.";
const nothing: Payload = { members: joined([]), author: null, state: undefined, lookups: [] };
const ended = { insert: "created", update: "updated", delete: "deleted" } as const;

/** A row ready to leave, or the refusal the service would answer it with. */
export function writeOf(
  form: RowForm,
  operation: Operation,
  row: SinkRow,
  anew = false,
): Write | Refusal {
  if (row.rows !== undefined) return refused("ROWS_NOT_OFFERED", null, severalRows);
  const id = row.destinationId ?? rowGuid(form.plan.object, row.key);
  if (operation === "delete") return { form, operation, row, id, payload: nothing, anew };
  const payload = payloadOf(form, anew ? "insert" : operation, row);
  if ("kind" in payload) return payload;
  return { form, operation, row, id, payload, anew };
}

/** A row as one JSON object: its primary key, and what stands before it, ahead of its columns. */
export function objectOf({ form, id, payload }: Write, head = ""): LateText {
  const key = `{${head}"${form.table.primaryId}":"${id}"`;
  const { members } = payload;
  return joined(members.bytes === 0 ? [key, "}"] : [key, ",", members, "}"]);
}

/** A row as an object of its type. */
export function typedObjectOf(write: Write): LateText {
  const type = `"@odata.type":"Microsoft.Dynamics.CRM.${write.form.table.logical}",`;
  return objectOf(write, type);
}

/** What has become of the rows of one `send`: what is said last of a row counts. */
export class Outcomes {
  readonly results = new Map<string, RowResult>();
  /** Rows the service refused, whose refusal is still to be understood. */
  readonly faults = new Map<Write, ServiceError>();

  done(write: Write): void {
    this.settle(write, { kind: ended[write.operation], destinationId: write.id });
  }

  failed(write: Write, error: ServiceError): void {
    this.faults.set(write, error);
  }

  settle(write: Write, result: RowResult): void {
    this.faults.delete(write);
    this.results.set(resultKey(write.form.plan.object, write.row.key), result);
  }

  /** A row refused before anything has left. */
  refuse({ plan }: Pick<SinkGroup, "plan">, { key }: SinkRow, refusal: Refusal): void {
    this.results.set(resultKey(plan.object, key), refusal);
  }

  /** Takes the rows refused for one of these reasons out, to be settled otherwise. */
  take(wanted: (error: ServiceError, write: Write) => boolean): Write[] {
    const taken = [...this.faults].filter(([write, error]) => wanted(error, write));
    for (const [write] of taken) this.faults.delete(write);
    return taken.map(([write]) => write);
  }
}

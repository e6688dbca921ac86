import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import { type RowError, rowError } from "./row-error.ts";
import type { Writer } from "./write.ts";

/** Objects that may be given to an inactive user under the permission; a case or a contact may not (contract, section 7.2). */
const mayRest: ReadonlySet<string> = new Set(["Account", "Event", "Task"]);

/** Checks that a new owner is an active user of a kind that owns rows, or a queue for this object; and that the owner a row keeps is active. */
export function checkOwners(
  writer: Writer,
  object: SObject,
  values: Values,
  before: Row | undefined,
): RowError | undefined {
  const [owner, kept] = [values["OwnerId"], before?.values["OwnerId"]];
  if (typeof owner === "string" && owner !== kept) return checkNewOwner(writer, object, owner);
  if (typeof kept !== "string" || writer.access.inactiveOwners) return undefined;
  return isInactive(writer, kept) ? inactive(object, kept) : undefined;
}

function checkNewOwner(writer: Writer, object: SObject, ownerId: string): RowError | undefined {
  const user = writer.org.rows("User").byId(ownerId)?.values;
  if (user === undefined) return checkQueue(writer, object, ownerId);
  const resting = writer.access.inactiveOwners && (object.custom || mayRest.has(object.name));
  if (user["IsActive"] !== true && !resting) return inactive(object, ownerId);
  if (user["UserType"] === "Standard") return undefined;
  const message = "This user's type cannot own records of this object";
  return rowError("OP_WITH_INVALID_USER_TYPE_EXCEPTION", message);
}

function inactive(object: SObject, ownerId: string): RowError {
  const message = `operation performed with inactive user [${ownerId}] as owner of ${object.name.toLowerCase()}`;
  return rowError("INACTIVE_OWNER_OR_USER", message);
}

/** Owners seen in one commit: the rows of a chunk mostly share them. */
const seen = new WeakMap<Writer, Map<string, boolean>>();

function isInactive(writer: Writer, ownerId: string): boolean {
  const owners = seen.get(writer) ?? new Map<string, boolean>();
  seen.set(writer, owners);
  const known = owners.get(ownerId);
  if (known !== undefined) return known;
  const found = writer.org.rows("User").byId(ownerId)?.values["IsActive"] === false;
  owners.set(ownerId, found);
  return found;
}

function checkQueue({ org }: Writer, object: SObject, ownerId: string): RowError | undefined {
  const queues = org.rows("QueueSobject");
  const listed = (queues.indexes.get("QueueId")?.find(ownerId) ?? []).some(
    (n) => queues.get(n)?.values["SobjectType"] === object.name,
  );
  return listed
    ? undefined
    : rowError("INVALID_CROSS_REFERENCE_KEY", "Owner ID: id value of incorrect type", ["OwnerId"]);
}

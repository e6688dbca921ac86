import type { Values } from "../../schema/field.ts";
import type { Row } from "../../store/object-rows.ts";
import type { ObjectRule, RuleCall } from "../object-rules.ts";
import { platformInsert, platformUpdate, rowsNaming } from "../platform-rows.ts";
import { binRow } from "../recycle-bin.ts";
import { rowError } from "../row-error.ts";
import type { Writer } from "../write.ts";

const object = "AccountContactRelation";

/**
 * Relations of a contact to accounts: one a pair; the direct one is made, moved and removed with
 * Contact.AccountId and by nothing else (Object Reference, "AccountContactRelation"; help, "Contacts to Multiple Accounts").
 */
export const accountContactRelation: ObjectRule = {
  check(writer, given, before) {
    if (!writer.org.settings.current().contactsToMultipleAccounts) {
      return rowError("INVALID_TYPE", "Contacts to Multiple Accounts is not enabled in this org");
    }
    if (before !== undefined) return undefined;
    const twin = relations(writer, given["ContactId"]).find(
      (row) => row.values["AccountId"] === given["AccountId"],
    );
    if (twin === undefined) return undefined;
    const message = `duplicate value found: AccountId, ContactId duplicates value on record with id: ${twin.id}`;
    return rowError("DUPLICATE_VALUE", message);
  },
  checkDelete(_writer, row) {
    if (row.values["IsDirect"] !== true) return undefined;
    const message =
      "This is the contact's primary account; change the contact's account to remove the relationship";
    return rowError("DELETE_FAILED", message);
  },
};

function relations(writer: Writer, contactId: unknown): Row[] {
  return rowsNaming(writer, object, "ContactId", contactId);
}

/** Keeps the direct relation of a contact at the account the contact names. */
export function followAccount({ writer, id, before }: RuleCall, values: Values): void {
  const account = values["AccountId"] ?? null;
  if (account === (before?.["AccountId"] ?? null)) return;
  if (!writer.org.settings.current().contactsToMultipleAccounts) return;
  const all = before === undefined ? [] : relations(writer, id);
  const direct = all.find((row) => row.values["IsDirect"] === true);
  const there = all.find((row) => row.values["AccountId"] === account);
  if (account !== null && there !== undefined) {
    platformUpdate(writer, object, there, { IsDirect: true });
  } else if (account !== null && direct !== undefined) {
    return platformUpdate(writer, object, direct, { AccountId: account });
  } else if (account !== null) {
    const facts = { AccountId: account, ContactId: id, IsDirect: true, IsActive: true };
    platformInsert(writer, object, facts);
  }
  if (direct !== undefined) binRow(writer, object, direct, direct.id);
}

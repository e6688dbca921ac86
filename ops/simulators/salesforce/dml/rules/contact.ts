import type { Values } from "../../schema/field.ts";
import type { ObjectRule } from "../object-rules.ts";
import { followAccount } from "./account-contact-relation.ts";

/** The whole name of a person. */
export function nameOfPerson(values: Values): string {
  const parts = [values["FirstName"], values["LastName"]].filter(Boolean);
  return parts.join(" ").slice(0, 121);
}

/** Contacts: a whole name, and the direct relation to their account. */
export const contact: ObjectRule = {
  complete(_call, values) {
    values["Name"] = nameOfPerson(values);
  },
  after: followAccount,
};

import type { z } from "zod";
import type { objectOrder } from "./custom.ts";
import type { FieldFacts } from "./field.ts";
import { type SObject, sobjectOf } from "./sobject.ts";

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The sObject that an order of a custom object makes: an owner and a name, besides what every object has. */
export function customObject(
  head: Omit<z.infer<typeof objectOrder>, "fields">,
  keyPrefix: string,
): SObject {
  const { name, label, labelPlural, granted = true } = head;
  const owner: FieldFacts = {
    name: "OwnerId",
    type: "reference",
    relationshipName: "Owner",
    referenceTo: ["Group", "User"],
    nillable: false,
    defaulted: true,
  };
  return sobjectOf({
    name,
    keyPrefix,
    granted,
    fields: [owner, nameFieldOf(head)],
    ...(label === undefined ? {} : { label }),
    ...(labelPlural === undefined ? {} : { labelPlural }),
  });
}

/** A custom object as an order has it now; one that is there keeps its fields. */
export function withHead(
  known: SObject | undefined,
  head: Omit<z.infer<typeof objectOrder>, "fields">,
  keyPrefix: string,
): SObject {
  const made = customObject(head, keyPrefix);
  if (known === undefined) return made;
  const { label, labelPlural, granted } = made;
  return head.label === undefined
    ? { ...known, granted }
    : { ...known, label, labelPlural, granted };
}

function nameFieldOf({ nameField }: Pick<z.infer<typeof objectOrder>, "nameField">): FieldFacts {
  const common = {
    name: "Name",
    type: "string",
    length: 80,
    nameField: true,
    idLookup: true,
    ...(nameField?.label === undefined ? {} : { label: nameField.label }),
  } as const;
  if (nameField?.type !== "AutoNumber") return { ...common, nillable: true };
  const displayFormat = nameField.displayFormat ?? "{0}";
  const byServer = { createable: false, updateable: false, defaulted: true } as const;
  return { ...common, ...byServer, nillable: false, autoNumber: true, displayFormat };
}

/** The key prefix behind the last one given out: a00, a01 … a0z, a10 … azz. */
export function nextPrefix(taken: Iterable<string>): string {
  let last = -1;
  for (const prefix of taken) {
    if (!prefix.startsWith("a")) continue;
    last = Math.max(last, digits.indexOf(prefix.charAt(1)) * 62 + digits.indexOf(prefix.charAt(2)));
  }
  const next = last + 1;
  return `a${digits[Math.floor(next / 62)] ?? "z"}${digits[next % 62] ?? "z"}`;
}

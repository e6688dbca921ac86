import { partNames } from "../generate/custom-values.ts";
import { idOf } from "../generate/world.ts";
import { childrenOf, type Row } from "../truth/row.ts";
import { choose } from "./choose.ts";
import { type Change, firstLate } from "./job-changes.ts";

/** A contact works for one more customer. */
export const linkAdded: Change = (desk, of) => {
  const contact = choose(desk, of, { entity: "contact" })?.row;
  const links = contact === undefined ? [] : childrenOf(contact, "contact_link");
  const taken = [contact?.["customer_id"], ...links.map((link) => link["customer_id"])];
  const suits = ({ id }: { id: string }): boolean => !taken.includes(id);
  const customer = choose(desk, of, { entity: "customer", field: "linked", suits });
  if (contact === undefined || customer === undefined || links.length > 3) return false;
  const link = {
    id: idOf(desk.meta.next("late contact_link", firstLate)),
    customer_id: customer.id,
    role: of.pick("role", ["billing", "site"]),
    is_primary: false,
  };
  desk.editor.set("contact", contact.id, { links: [...links, link] });
  return true;
};

/** A contact works for one customer less. */
export const linkRemoved: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean => childrenOf(row, "contact_link").length > 0;
  const contact = choose(desk, of, { entity: "contact", suits })?.row;
  if (contact === undefined) return false;
  desk.editor.set("contact", contact.id, { links: childrenOf(contact, "contact_link").slice(1) });
  return true;
};

/** A custom property of a job gets another value. */
export const propertyChanged: Change = (desk, of) => {
  const job = choose(desk, of, { entity: "job" })?.row;
  if (job === undefined) return false;
  const kept = ((job["custom"] ?? []) as { key: string }[]).filter(
    ({ key }) => key !== "parts_used",
  );
  const value = [of.pick("part", partNames)];
  const custom = [...kept, { key: "parts_used", label: "Parts used", value }];
  desk.editor.set("job", job.id, { custom });
  return true;
};

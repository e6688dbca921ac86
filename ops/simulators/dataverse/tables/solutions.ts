import { flag, integer, memo, readOnly, text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lookup } from "./relationship.ts";

const organizationOwned = { ownership: "OrganizationOwned" } as const;

/** Who publishes customizations: the prefix of their names and of their choice values. */
export const publisher: Standard = standard("publisher", {
  set: "publishers",
  code: 7101,
  name: "friendlyname",
  ...organizationOwned,
  states: undefined,
  keys: { publisher_uniquename: ["uniquename"] },
  columns: [
    text("UniqueName", 256, { required: "SystemRequired", validForUpdate: false }),
    text("FriendlyName", 256, { required: "SystemRequired" }),
    text("CustomizationPrefix", 8, { required: "SystemRequired" }),
    integer("CustomizationOptionValuePrefix", 10_000, 99_999, { required: "SystemRequired" }),
    memo("Description", 2_000),
    text("EMailAddress", 100),
    flag("IsReadonly", false, readOnly),
  ],
});

/** A solution: customizations that travel together. */
export const solution: Standard = standard("solution", {
  set: "solutions",
  code: 7100,
  name: "friendlyname",
  ...organizationOwned,
  states: undefined,
  keys: { solution_uniquename: ["uniquename"] },
  columns: [
    text("UniqueName", 65, { required: "SystemRequired", validForUpdate: false }),
    text("FriendlyName", 256, { required: "SystemRequired" }),
    text("Version", 256, { default: "1.0.0.0" }),
    memo("Description", 2_000),
    flag("IsManaged", false, readOnly),
    flag("IsVisible", true, readOnly),
  ],
  lookups: [
    lookup("PublisherId", [{ to: "publisher", as: "publisher_solution", onDelete: "Restrict" }], {
      required: "SystemRequired",
    }),
  ],
});

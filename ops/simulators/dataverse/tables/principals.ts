import { choice, flag, memo, plain, readOnly, text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lookup } from "./relationship.ts";

const whole = { ownership: "BusinessOwned", states: undefined } as const;

/** A user. The migration makes none; the admin port does. */
export const systemUser: Standard = standard("systemuser", {
  set: "systemusers",
  code: 8,
  schemaName: "SystemUser",
  displayName: "User",
  name: "fullname",
  ...whole,
  columns: [
    text("FullName", 200, readOnly),
    text("FirstName", 256),
    text("LastName", 256),
    text("DomainName", 1_024, { required: "SystemRequired" }),
    text("InternalEMailAddress", 100, { format: "Email" }),
    text("Title", 128),
    text("JobTitle", 100),
    text("MobilePhone", 64),
    text("Address1_Telephone1", 64),
    text("EmployeeId", 100),
    plain("AzureActiveDirectoryObjectId", "uniqueidentifier"),
    plain("ApplicationId", "uniqueidentifier"),
    flag("IsDisabled", false),
    flag("IsLicensed", true),
    flag("IsIntegrationUser", false),
    flag("SetupUser", false, readOnly),
    choice(
      "AccessMode",
      {
        0: "Read-Write",
        1: "Administrative",
        2: "Read",
        3: "Support User",
        4: "Non-interactive",
        5: "Delegated Admin",
      },
      { default: 0 },
    ),
    choice("CALType", { 0: "Professional", 1: "Administrative", 2: "Basic" }, { default: 0 }),
  ],
  lookups: [
    lookup(
      "BusinessUnitId",
      [{ to: "businessunit", as: "business_unit_system_users", onDelete: "Restrict" }],
      {
        required: "SystemRequired",
      },
    ),
    lookup("ParentSystemUserId", [{ to: "systemuser", as: "user_parent_user" }]),
    lookup("TerritoryId", [{ to: "territory", as: "territory_system_users" }]),
  ],
});

/** A team; an owner team needs a role of its own to own rows. */
export const team: Standard = standard("team", {
  set: "teams",
  code: 9,
  name: "name",
  ...whole,
  columns: [
    text("Name", 160, { required: "SystemRequired" }),
    memo("Description", 2_000),
    text("EMailAddress", 100, { format: "Email" }),
    choice(
      "TeamType",
      { 0: "Owner", 1: "Access", 2: "Security Group", 3: "Office Group" },
      { default: 0, validForUpdate: false },
    ),
    flag("IsDefault", false, readOnly),
    plain("AzureActiveDirectoryObjectId", "uniqueidentifier"),
  ],
  lookups: [
    lookup(
      "BusinessUnitId",
      [{ to: "businessunit", as: "business_unit_teams", onDelete: "Restrict" }],
      {
        required: "SystemRequired",
      },
    ),
    lookup("AdministratorId", [{ to: "systemuser", as: "lk_teambase_administratorid" }]),
  ],
});

/** A business unit; the root one has no parent. */
export const businessUnit: Standard = standard("businessunit", {
  set: "businessunits",
  code: 10,
  schemaName: "BusinessUnit",
  displayName: "Business Unit",
  name: "name",
  ...whole,
  columns: [
    text("Name", 160, { required: "SystemRequired" }),
    memo("Description", 2_000),
    text("DivisionName", 100),
    text("EMailAddress", 100),
    text("WebSiteUrl", 200),
    flag("IsDisabled", false),
  ],
  lookups: [
    lookup("ParentBusinessUnitId", [
      { to: "businessunit", as: "business_unit_parent_business_unit", onDelete: "Restrict" },
    ]),
  ],
});

/** A security role. `missingprivileges` is the simulator's own: names such as `prvReadTask` that the role lacks. */
export const role: Standard = standard("role", {
  set: "roles",
  code: 1036,
  name: "name",
  ...whole,
  columns: [
    text("Name", 100, { required: "SystemRequired" }),
    memo("missingprivileges", 4_000),
    plain("RoleTemplateId", "uniqueidentifier"),
  ],
  lookups: [
    lookup("BusinessUnitId", [
      { to: "businessunit", as: "business_unit_roles", onDelete: "Cascade" },
    ]),
    lookup("ParentRootRoleId", [{ to: "role", as: "role_parent_root_role" }]),
  ],
});

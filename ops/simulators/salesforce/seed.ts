import type { Credentials } from "./auth/credentials.ts";
import { insertSetup } from "./dml/setup-rows.ts";
import type { Org } from "./org.ts";
import { seedPicklists } from "./seed-picklists.ts";

/** Fills a new org with what every org has: organization, profiles, users, case statuses, permission set. */
export function seedOrg(org: Org, credentials: Credentials): void {
  if (org.settings.read("seeded") === "yes") return;
  org.database.transaction(() => {
    seedOrganization(org);
    seedPicklists(org);
    const admin = insertSetup(org, "Profile", {
      Name: "System Administrator",
      UserType: "Standard",
    });
    const standard = insertSetup(org, "Profile", { Name: "Standard User", UserType: "Standard" });
    seedProfileSet(org, admin, true);
    seedProfileSet(org, standard, false);
    insertSetup(org, "UserRole", { Name: "CEO", DeveloperName: "CEO" });
    insertUser(org, admin, "admin@cutover.example", "Admin", "User");
    const integration = insertUser(org, admin, credentials.username, "Integration", "User");
    const permissionSet = insertSetup(org, "PermissionSet", {
      Name: "Cutover_Integration",
      Label: "Cutover Integration",
      PermissionsModifyAllData: true,
      PermissionsViewAllData: true,
      PermissionsCreateAuditFields: true,
      PermissionsUpdateWithInactiveOwners: true,
      IsCustom: true,
    });
    insertSetup(org, "PermissionSetAssignment", {
      PermissionSetId: permissionSet,
      AssigneeId: integration,
    });
    org.settings.put("seeded", "yes");
  });
}

/** Each profile keeps its permissions in a permission set of its own. */
function seedProfileSet(org: Org, profileId: string, everything: boolean): void {
  insertSetup(org, "PermissionSet", {
    Name: `X${profileId}`,
    Label: profileId,
    IsOwnedByProfile: true,
    ProfileId: profileId,
    PermissionsModifyAllData: everything,
    PermissionsViewAllData: everything,
  });
}

function seedOrganization(org: Org): void {
  insertSetup(org, "Organization", {
    Name: "Cutover Simulator",
    InstanceName: "SIM1",
    OrganizationType: "Enterprise Edition",
    IsSandbox: false,
    LanguageLocaleKey: "en_US",
    TimeZoneSidKey: "America/New_York",
  });
}

function insertUser(
  org: Org,
  profileId: string,
  username: string,
  first: string,
  last: string,
): string {
  return insertSetup(org, "User", {
    Username: username,
    Email: username,
    FirstName: first,
    LastName: last,
    Name: `${first} ${last}`,
    Alias: first.slice(0, 8).toLowerCase(),
    CommunityNickname: username.split("@")[0] ?? username,
    IsActive: true,
    UserType: "Standard",
    ProfileId: profileId,
    TimeZoneSidKey: "America/New_York",
    LocaleSidKey: "en_US",
    LanguageLocaleKey: "en_US",
    EmailEncodingKey: "UTF-8",
  });
}

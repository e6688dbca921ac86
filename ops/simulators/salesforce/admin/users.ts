import { z } from "zod";
import { setPassword } from "../auth/credentials.ts";
import { insertSetup } from "../dml/setup-rows.ts";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";

const newUser = z.strictObject({
  email: z.string(),
  username: z.string().optional(),
  name: z.string().optional(),
  active: z.boolean().optional(),
  userType: z.string().optional(),
  /** Lets the user sign in by password. */
  password: z.string().optional(),
});

/** The shape of `POST /__simulator/users`. */
export const usersOrder = z.strictObject({ users: z.array(newUser) });

/** A user as an admin orders it. */
export type NewUser = z.infer<typeof newUser>;

/** Creates users; one whose username is there is brought to what is ordered. Ids in the order of the list. */
export function addUsers(org: Org, users: readonly NewUser[]): string[] {
  return org.database.transaction(() => users.map((user) => addUser(org, user)));
}

function addUser(org: Org, user: NewUser): string {
  const username = user.username ?? user.email.trim();
  const rows = org.rows("User");
  const [n] = rows.indexes.get("Username")?.find(username) ?? [];
  const known = n === undefined ? undefined : rows.get(n);
  const given = givenValues(user);
  if (user.password !== undefined) setPassword(org, username, user.password);
  if (known !== undefined) {
    rows.update(known, org.nextStamp(), { ...known.values, ...given });
    return known.id;
  }
  return insertSetup(org, "User", { ...defaults(org, username), Username: username, ...given });
}

function givenValues(user: NewUser): Values {
  const name = user.name ?? user.email.split("@")[0] ?? user.email;
  const words = name.split(" ");
  return {
    Email: user.email.trim(),
    Name: name,
    LastName: words.at(-1) ?? name,
    FirstName: words.slice(0, -1).join(" "),
    IsActive: user.active ?? true,
    UserType: user.userType ?? "Standard",
  };
}

function defaults(org: Org, username: string): Values {
  const profiles = [...org.rows("Profile").walk({ withDeleted: false })];
  const standard = profiles.find((row) => row.values["Name"] === "Standard User");
  return {
    Alias: username.slice(0, 8),
    CommunityNickname: username.split("@")[0] ?? username,
    ProfileId: standard?.id ?? null,
    TimeZoneSidKey: "America/New_York",
    LocaleSidKey: "en_US",
    LanguageLocaleKey: "en_US",
    EmailEncodingKey: "UTF-8",
  };
}

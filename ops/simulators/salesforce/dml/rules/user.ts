import type { ObjectRule } from "../object-rules.ts";
import { type RowError, rowError } from "../row-error.ts";
import type { Writer } from "../write.ts";
import { nameOfPerson } from "./contact.ts";

/** Why no more users can be active, where the org's licences are counted. */
function checkLicence({ org }: Writer, active: boolean): RowError | undefined {
  const { UserLicenses: licences } = org.settings.current().limits;
  if (!active || licences === undefined) return undefined;
  const users = [...org.rows("User").walk({ withDeleted: false })];
  const used = users.filter(({ values }) => values["IsActive"] === true).length;
  return used < licences
    ? undefined
    : rowError("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded", ["ProfileId"]);
}

/** Users: a whole name, and locale settings where none are given. */
export const user: ObjectRule = {
  check(writer, given, before) {
    const active = before === undefined ? given["IsActive"] !== false : given["IsActive"] === true;
    return checkLicence(writer, active && before?.["IsActive"] !== true);
  },
  complete(_call, values) {
    values["Name"] = nameOfPerson(values);
    values["UserType"] ??= "Standard";
    values["IsActive"] ??= true;
    values["CommunityNickname"] ??= String(values["Username"] ?? "").split("@")[0] ?? "";
    values["TimeZoneSidKey"] ??= "America/New_York";
    values["LocaleSidKey"] ??= "en_US";
    values["LanguageLocaleKey"] ??= "en_US";
    values["EmailEncodingKey"] ??= "UTF-8";
  },
};

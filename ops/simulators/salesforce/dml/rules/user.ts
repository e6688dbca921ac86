import type { ObjectRule } from "../object-rules.ts";
import { nameOfPerson } from "./contact.ts";

/** Users: a whole name, and locale settings where none are given. */
export const user: ObjectRule = {
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

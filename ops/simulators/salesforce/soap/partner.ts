import { userByPassword } from "../auth/credentials.ts";
import type { Session } from "../auth/sessions.ts";
import type { AuthParts } from "../auth/token.ts";
import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import { SoapFault } from "./fault.ts";
import { recycleCall } from "./recycle-calls.ts";
import { textOf, type XmlElement, type XmlValue } from "./xml.ts";

/** The namespace of the partner API. */
export const partnerNamespace = "urn:partner.soap.sforce.com";

/** From this version on there is no SOAP login. */
const firstWithoutLogin = 65;

/** `login`: a session by username and password (and security token). */
export function partnerLogin(
  parts: AuthParts,
  operation: XmlElement,
  version: number,
  base: string,
): XmlValue {
  if (version >= firstWithoutLogin) {
    const message = "SOAP login() is not available in this API version; use OAuth";
    throw new SoapFault("UNSUPPORTED_API_VERSION", message, "UnexpectedErrorFault");
  }
  const { org, credentials, sessions } = parts;
  const username = textOf(operation, "username") ?? "";
  const password = textOf(operation, "password") ?? "";
  const userId = userByPassword(org, credentials, username, password);
  if (userId === undefined || !org.as(userId).access.active) {
    const message = "Invalid username, password, security token; or user locked out.";
    throw new SoapFault("INVALID_LOGIN", message, "LoginFault");
  }
  const { token } = sessions.open(userId);
  const org15 = org.id.slice(0, 15);
  return {
    metadataServerUrl: `${base}/services/Soap/m/${version}.0/${org15}`,
    passwordExpired: false,
    sandbox: false,
    serverUrl: `${base}/services/Soap/u/${version}.0/${org15}`,
    sessionId: token,
    userId,
    userInfo: userInfoOf(org, userId),
  };
}

/** The other partner operations a signed-in client needs; rows by SOAP are not served. */
export function partnerOperation(
  { org, sessions }: AuthParts,
  session: Session,
  operation: XmlElement,
): XmlValue {
  switch (operation.name) {
    case "getUserInfo":
      return userInfoOf(org, session.userId);
    case "getServerTimestamp":
      return { timestamp: new Date(org.clock.now()).toISOString() };
    case "logout":
      sessions.end(session.token);
      return undefined;
    case "undelete":
    case "emptyRecycleBin":
    case "merge":
      return recycleCall(org, session.userId, operation);
    default:
      throw new SoapFault(
        "UNKNOWN_EXCEPTION",
        `No operation available for request ${operation.name}`,
      );
  }
}

function userInfoOf(org: Org, userId: string): XmlValue {
  const user: Values = org.rows("User").byId(userId)?.values ?? {};
  const [organization] = org.rows("Organization").walk({ withDeleted: false });
  return {
    accessibilityMode: false,
    currencySymbol: "$",
    orgAttachmentFileSizeLimit: 5_242_880,
    orgDefaultCurrencyIsoCode: "USD",
    orgDefaultCurrencyLocale: "en_US",
    orgDisallowHtmlAttachments: false,
    orgHasPersonAccounts: false,
    organizationId: org.id,
    organizationMultiCurrency: false,
    organizationName: organization?.values["Name"],
    profileId: user["ProfileId"],
    roleId: user["UserRoleId"] ?? null,
    sessionSecondsValid: org.settings.current().sessionSeconds,
    userDefaultCurrencyIsoCode: null,
    userEmail: user["Email"],
    userFullName: user["Name"],
    userId,
    userLanguage: user["LanguageLocaleKey"],
    userLocale: user["LocaleSidKey"],
    userName: user["Username"],
    userTimeZone: user["TimeZoneSidKey"],
    userType: user["UserType"],
    userUiSkin: "Theme3",
  };
}

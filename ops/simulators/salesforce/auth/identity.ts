import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";

/** `GET /services/oauth2/userinfo`. */
export function userInfo(org: Org, userId: string, base: string): object {
  const user = userOf(org, userId);
  return {
    sub: `${base}/id/${org.id}/${userId}`,
    user_id: userId,
    organization_id: org.id,
    preferred_username: user["Username"],
    nickname: user["CommunityNickname"],
    name: user["Name"],
    email: user["Email"],
    email_verified: true,
    given_name: user["FirstName"] ?? null,
    family_name: user["LastName"],
    zoneinfo: user["TimeZoneSidKey"],
    profile: `${base}/${userId}`,
    picture: `${base}/profilephoto/005/F`,
    photos: photosOf(base),
    urls: urlsOf(org, userId, base),
    ...commonOf(user),
    updated_at: user["LastModifiedDate"],
  };
}

/** `GET /id/<org>/<user>`. */
export function identity(org: Org, userId: string, base: string): object {
  const user = userOf(org, userId);
  return {
    id: `${base}/id/${org.id}/${userId}`,
    asserted_user: true,
    user_id: userId,
    organization_id: org.id,
    username: user["Username"],
    nick_name: user["CommunityNickname"],
    display_name: user["Name"],
    email: user["Email"],
    email_verified: true,
    first_name: user["FirstName"] ?? null,
    last_name: user["LastName"],
    timezone: user["TimeZoneSidKey"],
    photos: photosOf(base),
    urls: urlsOf(org, userId, base),
    ...commonOf(user),
    last_modified_date: user["LastModifiedDate"],
  };
}

function commonOf(user: Values): object {
  return {
    active: user["IsActive"],
    user_type: String(user["UserType"]).toUpperCase(),
    language: user["LanguageLocaleKey"],
    locale: user["LocaleSidKey"],
    utcOffset: -18_000_000,
  };
}

function userOf(org: Org, userId: string): Values {
  return org.rows("User").byId(userId)?.values ?? {};
}

function photosOf(base: string): object {
  return {
    picture: `${base}/profilephoto/005/F`,
    thumbnail: `${base}/profilephoto/005/T`,
  };
}

function urlsOf(org: Org, userId: string, base: string): object {
  const org15 = org.id.slice(0, 15);
  const rest = `${base}/services/data/v{version}`;
  return {
    enterprise: `${base}/services/Soap/c/{version}/${org15}`,
    metadata: `${base}/services/Soap/m/{version}/${org15}`,
    partner: `${base}/services/Soap/u/{version}/${org15}`,
    rest: `${rest}/`,
    sobjects: `${rest}/sobjects/`,
    search: `${rest}/search/`,
    query: `${rest}/query/`,
    recent: `${rest}/recent/`,
    tooling_rest: `${rest}/tooling/`,
    profile: `${base}/${userId}`,
    custom_domain: base,
  };
}

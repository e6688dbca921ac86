/** A refusal of the token endpoint: an object, not the array of the REST API. */
export class OAuthRefusal extends Error {
  readonly code: OAuthCode;
  constructor(code: OAuthCode, description: string) {
    super(description);
    this.name = "OAuthRefusal";
    this.code = code;
  }
}

/** The codes of refusals that clients tell apart. */
export type OAuthCode =
  | "invalid_client_id"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_request"
  | "redirect_uri_mismatch"
  | "unsupported_grant_type"
  | "unsupported_response_type"
  | "inactive_user";

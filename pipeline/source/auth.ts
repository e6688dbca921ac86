import { CutoverError } from "../core/errors.ts";
import { parseLossless } from "./lossless-json.ts";
import type { SourceSettings } from "./source-schema.ts";

/** Headers that prove who we are. */
export type AuthHeaders = Readonly<Record<string, string>>;

/** Sends one request without credentials of its own: the token request. */
export type Send = (
  url: string,
  form: string,
  headers: Readonly<Record<string, string>>,
) => Promise<{ status: number; text: string }>;

/** Renewed before it ends, so that no request leaves with a token that dies on its way. */
const renewBeforeMs = 30_000;

/** Keeps the credentials of the source fresh; many callers at once cause one token request. */
export class Auth {
  readonly #source: SourceSettings;
  readonly #send: Send;
  #headers: AuthHeaders | undefined;
  #validUntil = 0;
  #fetching: Promise<AuthHeaders> | undefined;

  constructor(source: SourceSettings, send: Send) {
    this.#source = source;
    this.#send = send;
  }

  /** Headers for the next request. */
  headers(): AuthHeaders | Promise<AuthHeaders> {
    if (this.#headers !== undefined && Date.now() < this.#validUntil) return this.#headers;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** The source refused these headers: the next call fetches new ones, unless that has been done. */
  refused(headers: AuthHeaders): void {
    if (headers === this.#headers) this.#headers = undefined;
  }

  /** Whether asking again could help. */
  get renewable(): boolean {
    return this.#source.auth.type === "oauth2_client_credentials";
  }

  async #fetch(): Promise<AuthHeaders> {
    const { auth } = this.#source;
    this.#validUntil = Number.POSITIVE_INFINITY;
    switch (auth.type) {
      case "none":
        this.#headers = {};
        break;
      case "bearer":
        this.#headers = { authorization: `Bearer ${auth.token.reveal()}` };
        break;
      case "api_key":
        this.#headers = { [auth.header.toLowerCase()]: auth.key.reveal() };
        break;
      case "http_basic": {
        const pair = Buffer.from(`${auth.username}:${auth.password.reveal()}`).toString("base64");
        this.#headers = { authorization: `Basic ${pair}` };
        break;
      }
      case "oauth2_client_credentials":
        this.#headers = await this.#token(auth);
        break;
    }
    return this.#headers;
  }

  async #token(
    auth: Extract<SourceSettings["auth"], { type: "oauth2_client_credentials" }>,
  ): Promise<AuthHeaders> {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: auth.client_id,
      client_secret: auth.client_secret.reveal(),
      ...(auth.scopes.length > 0 ? { scope: auth.scopes.join(" ") } : {}),
    });
    const url = auth.token_url.replace("{base_url}", this.#source.base_url);
    const askedAt = Date.now();
    const { status, text } = await this.#send(url, form.toString(), {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    });
    const body = bodyOf(text);
    const token = body["access_token"];
    if (status === 200 && typeof token === "string" && token !== "") {
      const seconds = Number(body["expires_in"] ?? Number.NaN);
      const life = Number.isFinite(seconds) ? seconds * 1000 : auth.default_expires_in;
      this.#validUntil = askedAt + Math.max(life / 2, life - renewBeforeMs);
      return { authorization: `Bearer ${token}` };
    }
    if (status === 429 || status >= 500 || status === 200) {
      throw new CutoverError("SOURCE_UNAVAILABLE", `${url} gave no token (status ${status}).`);
    }
    const reason = typeof body["error"] === "string" ? `, ${body["error"]}` : "";
    throw new CutoverError(
      "SOURCE_AUTH_REFUSED",
      `${url} refused the credentials (status ${status}${reason}): check client id, secret and scopes of ` +
        "the profile's source.auth with the tenant's admin, set the variables again and restart.",
    );
  }
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return (parseLossless(text).value ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

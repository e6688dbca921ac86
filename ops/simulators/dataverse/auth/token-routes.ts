import type { IncomingMessage } from "node:http";
import { readBody } from "../../server/body.ts";
import type { Reply } from "../web/call.ts";
import type { AuthParts } from "./auth-parts.ts";
import type { Application } from "./credentials.ts";
import { checkTenant, discoveryReply, instanceReply } from "./discovery.ts";
import { refusalBody, TokenRefused } from "./token-refusal.ts";

const tokenPath = /^\/([^/]+)\/oauth2\/(v2\.0\/)?token$/;
const discoveryPath = /^\/([^/]+)\/(?:v2\.0\/)?\.well-known\/openid-configuration$/;
const keysPath = /^\/[^/]+\/discovery\/(?:v2\.0\/)?keys$/;
/** Answers requests to the addresses of the sign-in service; undefined for all others. */
export async function answerSignIn(
  parts: AuthParts,
  req: IncomingMessage,
  path: string,
  origin: string,
): Promise<Reply | undefined> {
  const discovery = discoveryPath.exec(path);
  if (discovery !== null)
    return guarded(parts, () => discoveryReply(parts, discovery[1] ?? "", origin));
  if (keysPath.test(path)) return { status: 200, json: { keys: [] } };
  if (path === "/common/discovery/instance") return instanceReply(origin, parts.tenant.id);
  const token = tokenPath.exec(path);
  if (token === null) return undefined;
  const form = new URLSearchParams((await readBody(req, { limit: 65_536 })).toString("utf8"));
  takeBasic(form, req.headers.authorization);
  return guarded(parts, () =>
    tokenReply(parts, form, { tenant: token[1] ?? "", v1: token[2] === undefined }),
  );
}

function guarded({ env }: AuthParts, work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return { status: error.status, json: refusalBody(error, env.clock.now()) };
  }
}

function takeBasic(form: URLSearchParams, header: string | undefined): void {
  if (header?.startsWith("Basic ") !== true || form.has("client_id")) return;
  const [id = "", secret = ""] = Buffer.from(header.slice(6), "base64").toString("utf8").split(":");
  form.set("client_id", decodeURIComponent(id));
  form.set("client_secret", decodeURIComponent(secret));
}

function tokenReply(
  parts: AuthParts,
  form: URLSearchParams,
  asked: { tenant: string; v1: boolean },
): Reply {
  checkTenant(parts, asked.tenant);
  for (const name of ["grant_type", "client_id"]) needField(form, name);
  if (form.get("grant_type") !== "client_credentials") {
    throw new TokenRefused(
      400,
      "unsupported_grant_type",
      70003,
      "The app requested an unsupported grant type.",
    );
  }
  const application = signedIn(parts, form);
  const resource = asked.v1 ? needField(form, "resource") : resourceOf(needField(form, "scope"));
  checkResource(resource);
  const { token, seconds } = parts.tokens.issue(application.clientId);
  if (!asked.v1) {
    return {
      status: 200,
      json: {
        token_type: "Bearer",
        expires_in: seconds,
        ext_expires_in: seconds,
        access_token: token,
      },
    };
  }
  const now = Math.floor(parts.env.clock.now() / 1_000);
  const times = {
    expires_in: `${seconds}`,
    ext_expires_in: `${seconds}`,
    expires_on: `${now + seconds}`,
    not_before: `${now}`,
  };
  return { status: 200, json: { token_type: "Bearer", ...times, resource, access_token: token } };
}

function needField(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== "") return value;
  throw new TokenRefused(
    400,
    "invalid_request",
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}

function signedIn({ tenant }: AuthParts, form: URLSearchParams): Application {
  const clientId = needField(form, "client_id");
  const application = tenant.find(clientId);
  if (application === undefined) {
    throw new TokenRefused(
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant.id}'.`,
    );
  }
  if (form.has("client_assertion")) {
    throw new TokenRefused(
      401,
      "invalid_client",
      700027,
      "The certificate with identifier used to sign the client assertion is not registered on application.",
    );
  }
  const secret = form.get("client_secret");
  if (secret === null || secret === "") {
    throw new TokenRefused(
      401,
      "invalid_client",
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (secret === application.secret) return application;
  throw new TokenRefused(
    401,
    "invalid_client",
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  );
}

function resourceOf(scope: string): string {
  const match = /^(https?:\/\/.+?)\/{1,2}\.default$/.exec(scope.trim());
  if (match !== null) return match[1] ?? "";
  throw new TokenRefused(
    400,
    "invalid_scope",
    70011,
    `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
}

/** The environment is wherever this simulator is called: any port of this machine. */
function checkResource(resource: string): void {
  const host = URL.parse(resource)?.hostname;
  if (host === "127.0.0.1" || host === "localhost") return;
  throw new TokenRefused(
    400,
    "invalid_resource",
    500011,
    `The resource principal named ${resource} was not found in the tenant.`,
  );
}

import { CutoverError } from "../../pipeline/core/errors.ts";

const dataHosts =
  /\.(dynamics\.com|dynamics\.cn|microsoftdynamics\.us|microsoftdynamics\.de|appsplatform\.us)$/;
const tokenHosts =
  /^login\.(microsoftonline\.(com|us)|microsoft\.com|partner\.microsoftonline\.cn)$/;
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Where the environment and its tokens are. */
export interface Addresses {
  /** Origin of the environment. */
  readonly origin: string;
  /** `<origin>/api/data/v9.2/` */
  readonly api: string;
  readonly token: string;
}

/**
 * The addresses of an environment. Records and secrets go to the vendor's hosts only, over https;
 * throws CONFIG_INVALID.
 */
export function addressesOf(options: {
  readonly url: string;
  readonly tenantId: string;
  readonly tokenUrl?: string;
  readonly allowLoopback: boolean;
}): Addresses {
  const { tenantId, allowLoopback } = options;
  const origin = checked(options.url, dataHosts, allowLoopback);
  const token =
    options.tokenUrl ??
    `https://login.microsoftonline.com/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  checked(token, tokenHosts, allowLoopback);
  return { origin, api: `${origin}/api/data/v9.2/`, token };
}

function checked(url: string, vendor: RegExp, allowLoopback: boolean): string {
  const { protocol, hostname, origin } = new URL(url);
  if (allowLoopback && loopback.has(hostname)) return origin;
  if (protocol === "https:" && vendor.test(hostname)) return origin;
  throw new CutoverError(
    "CONFIG_INVALID",
    `${origin} is no https address of Dynamics 365 or its sign-in (rehearsals set allow_loopback: true).`,
  );
}

/** The whole address of a call; a next link leads to the same environment or nowhere. */
export function addressOf({ api, origin }: Addresses, path: string): string {
  if (!/^https?:/.test(path)) return api + path;
  if (new URL(path).origin === origin) return path;
  throw new CutoverError("SINK_SYSTEM_UNKNOWN", "Dynamics: a next page lies at another address.");
}

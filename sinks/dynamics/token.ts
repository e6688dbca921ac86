import { CutoverError } from "../../pipeline/core/errors.ts";
import type { HttpReply, Transport } from "../transport.ts";
import type { ApplicationUser } from "./client.ts";

/** The token of one application user, renewed as it ages. */
export interface Token {
  /** A token with time left. Throws SINK_AUTH_REFUSED, SINK_UNAVAILABLE. */
  current(): Promise<string>;
  /** Another one than `refused`, which the environment no longer takes. */
  renew(refused: string): Promise<string>;
}

/** What a token is asked with. */
export interface TokenOptions {
  readonly transport: Transport;
  readonly user: ApplicationUser;
  readonly tokenUrl: string;
  /** Origin of the environment the token is for. */
  readonly origin: string;
  readonly timeoutMs: number;
  readonly counted: (status: string) => void;
}

const tries = 4;
/** Nobody's call may outlive its token by being sent a moment too late. */
const spareMs = 60_000;

interface Granted {
  readonly text: string;
  /** By `performance.now()`. */
  readonly until: number;
}

/** Opens the token of a user; nothing is asked before it is needed. */
export function openToken(options: TokenOptions): Token {
  let granted: Granted | undefined;
  let asking: Promise<Granted> | undefined;
  const ask = async (): Promise<string> => {
    asking ??= grant(options).finally(() => {
      asking = undefined;
    });
    granted = await asking;
    return granted.text;
  };
  return {
    current: async () =>
      granted !== undefined && performance.now() < granted.until ? granted.text : ask(),
    renew: async (refused) =>
      granted !== undefined && granted.text !== refused ? granted.text : ask(),
  };
}

async function grant(options: TokenOptions): Promise<Granted> {
  for (let left = tries - 1, waitMs = 250; ; left -= 1, waitMs *= 4) {
    try {
      return await grantOnce(options);
    } catch (error) {
      const away = error instanceof CutoverError && error.code === "SINK_UNAVAILABLE";
      if (!away || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

async function grantOnce(options: TokenOptions): Promise<Granted> {
  const { user, origin, tokenUrl, transport, timeoutMs, counted } = options;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: user.clientId,
    client_secret: user.clientSecret.reveal(),
    scope: `${origin}/.default`,
  });
  const asked = performance.now();
  let reply: HttpReply;
  try {
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    };
    const body = form.toString();
    reply = await transport.send({ method: "POST", url: tokenUrl, headers, body }, timeoutMs);
  } catch {
    // Nothing is done by asking for a token: a lost reply is an outage. Its cause may show the form.
    counted("failed");
    throw new CutoverError("SINK_UNAVAILABLE", "Dynamics: the sign-in service does not answer.");
  }
  counted(String(reply.statusCode));
  if (reply.statusCode !== 200) throw refused(reply, user.clientId);
  const { access_token: text, expires_in: seconds } = JSON.parse(reply.body) as {
    access_token: string;
    expires_in: number | string;
  };
  const livesMs = Number(seconds) * 1000;
  return { text, until: asked + Math.max(livesMs / 2, livesMs - spareMs) };
}

function refused({ statusCode, body }: HttpReply, clientId: string): CutoverError {
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) {
    return new CutoverError("SINK_UNAVAILABLE", `Dynamics: sign-in answers HTTP ${statusCode}.`);
  }
  return new CutoverError(
    "SINK_AUTH_REFUSED",
    `The directory refuses application ${clientId} (${reasonOf(body) ?? `HTTP ${statusCode}`}): check tenant_id, ` +
      "client_id, client_secret (and whether it has expired), and url.",
  );
}

/** The reason by its name and number: the text beside it repeats what was sent. */
function reasonOf(body: string): string | undefined {
  try {
    const said = JSON.parse(body) as { error?: string; error_codes?: readonly number[] };
    if (said.error === undefined) return undefined;
    return [said.error, ...(said.error_codes ?? []).map((code) => `AADSTS${code}`)].join(", ");
  } catch {
    return undefined;
  }
}

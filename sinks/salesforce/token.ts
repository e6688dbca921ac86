import { CutoverError } from "../../pipeline/core/errors.ts";
import type { HttpReply, HttpRequest, Transport } from "../transport.ts";
import { codesOf, replyError } from "./errors.ts";
import type { ClientOptions } from "./salesforce-client.ts";

/** What the org grants to its integration user. */
export interface Granted {
  readonly token: string;
  readonly instanceUrl: string;
  /** Id of the user the token is for. */
  readonly userId: string;
}

/** Asks for a token, once. Throws SINK_AUTH_REFUSED with the remedy, SINK_UNAVAILABLE. */
export async function askForToken(transport: Transport, options: ClientOptions): Promise<Granted> {
  try {
    const reply = await transport.send(requestOf(options), options.timeoutMs);
    const status = String(reply.statusCode);
    options.metrics.calls.inc({ system: "destination", api: "token", status });
    if (reply.statusCode !== 200) throw refused(reply, options.clientId);
    return grantedBy(reply);
  } catch (error) {
    throw unsent(error);
  }
}

function requestOf({ loginUrl, clientId, clientSecret }: ClientOptions): HttpRequest {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret.reveal(),
  });
  return {
    method: "POST",
    url: new URL("/services/oauth2/token", loginUrl).href,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: form.toString(),
  };
}

function grantedBy({ body }: HttpReply): Granted {
  const said = JSON.parse(body) as { access_token: string; instance_url: string; id: string };
  return {
    token: said.access_token,
    instanceUrl: new URL(said.instance_url).origin,
    userId: said.id.split("/").at(-1) as string,
  };
}

/** Nothing is done by asking for a token: a lost reply is an outage. */
function unsent(error: unknown): CutoverError {
  if (error instanceof CutoverError && error.code !== "SINK_REPLY_LOST") return error;
  return new CutoverError("SINK_UNAVAILABLE", "Salesforce's token endpoint does not answer.", {
    cause: error,
  });
}

function refused(reply: HttpReply, clientId: string): CutoverError {
  const [said] = codesOf(reply.body);
  if (reply.statusCode >= 500) return replyError(reply.statusCode, reply.body, "token", false);
  return new CutoverError(
    "SINK_AUTH_REFUSED",
    `Salesforce refuses client ${clientId} (${said?.code ?? `HTTP ${reply.statusCode}`}): check client_id and ` +
      "client_secret, that login_url is the org's My Domain, and that the connected app has the " +
      "client credentials flow with a run-as user.",
  );
}

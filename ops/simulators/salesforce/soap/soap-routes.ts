import type { IncomingMessage } from "node:http";
import { readBody } from "../../server/body.ts";
import { faultOn } from "../../server/strike.ts";
import type { AuthParts } from "../auth/token.ts";
import { metadataNamespace } from "../metadata/describe-metadata.ts";
import { answerMetadata } from "../metadata/operations.ts";
import type { Reply } from "../rest/call.ts";
import { countCall } from "../rest/limits.ts";
import { versions } from "../rest/versions.ts";
import { envelopeReply, faultReply, readEnvelope, type SoapMessage } from "./envelope.ts";
import { invalidSession, SoapFault } from "./fault.ts";
import { partnerLogin, partnerNamespace, partnerOperation } from "./partner.ts";
import type { XmlValue } from "./xml.ts";

const address = /^\/services\/Soap\/([muc])\/(\d{2})\.0(?:\/[^/]*)?$/i;
const largest = 50 * 1024 * 1024;
const faultNamespace = {
  partner: "urn:fault.partner.soap.sforce.com",
  metadata: metadataNamespace,
};

/** Answers the SOAP APIs: metadata, and of partner and enterprise what clients need to sign in and out; undefined for every other path. */
export async function answerSoap(
  parts: AuthParts,
  req: IncomingMessage,
  path: string,
  base: string,
): Promise<Reply | undefined> {
  const match = address.exec(path);
  if (match === null) return undefined;
  const version = Number(match[2]);
  const api = match[1]?.toLowerCase() === "m" ? "metadata" : "partner";
  const namespace = api === "metadata" ? metadataNamespace : partnerNamespace;
  try {
    if (version < versions.oldest || version > versions.newest) {
      throw new SoapFault("UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL");
    }
    const message = readEnvelope((await readBody(req, { limit: largest })).toString("utf8"));
    const { name } = message.operation;
    const result =
      api === "partner" && name === "login"
        ? partnerLogin(parts, message.operation, version, base)
        : answerSignedIn(parts, api, req, message);
    return envelopeReply(name, namespace, result);
  } catch (error) {
    if (error instanceof SoapFault) return faultReply(error, faultNamespace[api]);
    throw error;
  }
}

function answerSignedIn(
  parts: AuthParts,
  api: "partner" | "metadata",
  req: IncomingMessage,
  { operation, sessionId }: SoapMessage,
): XmlValue {
  if (faultOn(req, "expire_session") !== undefined) parts.sessions.end(sessionId);
  const session = parts.sessions.use(sessionId);
  if (session === undefined) throw invalidSession();
  countCall(parts.org);
  parts.org.log.count(`calls_${api}`);
  return api === "metadata"
    ? answerMetadata(parts.org.as(session.userId), session.userId, operation)
    : partnerOperation(parts, session, operation);
}

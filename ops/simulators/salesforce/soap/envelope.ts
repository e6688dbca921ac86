import type { Reply } from "../rest/call.ts";
import { SoapFault } from "./fault.ts";
import {
  childOf,
  parseXml,
  textOf,
  type XmlElement,
  XmlRefused,
  type XmlValue,
  xmlOf,
} from "./xml.ts";

const contentType = "text/xml;charset=UTF-8";
const soapEnvelope = "http://schemas.xmlsoap.org/soap/envelope/";
const xsi = "http://www.w3.org/2001/XMLSchema-instance";

/** A SOAP call as it came. */
export interface SoapMessage {
  /** The element in the body: its name is the operation's. */
  readonly operation: XmlElement;
  readonly sessionId: string;
}

/** Reads an envelope; throws the fault of one that is none. */
export function readEnvelope(text: string): SoapMessage {
  const envelope = parsed(text);
  const operation = childOf(envelope, "Body")?.children[0];
  if (envelope.name !== "Envelope" || operation === undefined) {
    throw new SoapFault("UNKNOWN_EXCEPTION", "No operation available for request");
  }
  const session = childOf(childOf(envelope, "Header"), "SessionHeader");
  return { operation, sessionId: textOf(session, "sessionId") ?? "" };
}

function parsed(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    throw new SoapFault("UNKNOWN_EXCEPTION", `Unable to parse the request: ${error.message}`);
  }
}

/** The reply of an operation, its results in the namespace of its API. */
export function envelopeReply(operation: string, namespace: string, result: XmlValue): Reply {
  const body = xmlOf(`${operation}Response`, { result });
  return { status: 200, contentType, text: envelope(`xmlns="${namespace}"`, body) };
}

/** A fault; clients match its code by the literal prefix `sf`. */
export function faultReply(fault: SoapFault, namespace: string): Reply {
  const { code, message, detail } = fault;
  const body = xmlOf("soapenv:Fault", {
    faultcode: `sf:${code}`,
    faultstring: `${code}: ${message}`,
    detail:
      detail === undefined
        ? undefined
        : {
            [`sf:${detail}`]: {
              "@xsi:type": `sf:${detail}`,
              "sf:exceptionCode": code,
              "sf:exceptionMessage": message,
            },
          },
  });
  return { status: 500, contentType, text: envelope(`xmlns:sf="${namespace}"`, body) };
}

function envelope(namespace: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${soapEnvelope}" ${namespace} xmlns:xsi="${xsi}"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

import type { OrgClient } from "./org-client.ts";

/** A SOAP reply as text, with a way to look into it by element name. */
export interface SoapAnswer {
  readonly status: number;
  readonly text: string;
  /** The texts of all elements of a name, in their order. */
  all(name: string): string[];
}

/** Sends the body of a SOAP call to an address below `/services/Soap`. */
export async function soapCall(
  org: OrgClient,
  path: string,
  body: string,
  session = org.token,
): Promise<SoapAnswer> {
  const xmlns = path.startsWith("m/")
    ? "http://soap.sforce.com/2006/04/metadata"
    : "urn:partner.soap.sforce.com";
  const envelope = `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:n="${xmlns}"><e:Header><n:SessionHeader><n:sessionId>${session}</n:sessionId></n:SessionHeader></e:Header><e:Body xmlns="${xmlns}">${body}</e:Body></e:Envelope>`;
  const reply = await fetch(`${org.ready.http}/services/Soap/${path}`, {
    method: "POST",
    headers: { "content-type": "text/xml", soapaction: '""' },
    body: envelope,
  });
  const text = await reply.text();
  const all = (name: string): string[] =>
    [...text.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, "g"))].map(
      (match) => match[1] ?? "",
    );
  return { status: reply.status, text, all };
}

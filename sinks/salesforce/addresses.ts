import { CutoverError } from "../../pipeline/core/errors.ts";

const vendorHosts = /\.(salesforce|force|salesforce-setup|cloudforce)\.com$/;

/** Tokens and records go to the vendor's hosts only, over https, and to one org. Throws CONFIG_INVALID, SINK_AUTH_REFUSED. */
export function checkUrl(url: string, allowLoopback: boolean, pinned: string | undefined): void {
  const { protocol, hostname, origin } = new URL(url);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (pinned !== undefined && origin !== pinned) {
    throw new CutoverError("SINK_AUTH_REFUSED", `The org's address changed to ${origin}.`);
  }
  if (loopback && allowLoopback) return;
  if (protocol === "https:" && vendorHosts.test(hostname)) return;
  throw new CutoverError(
    "CONFIG_INVALID",
    `${origin} is no https address of Salesforce (rehearsals set allow_loopback: true).`,
  );
}

import { createPublicKey, generateKeyPair } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Org } from "../org.ts";

const generate = promisify(generateKeyPair);
const kept = "jwt_certificate";

/** The file of the private key that clients sign their JWTs with; key and certificate are made at the first start. */
export async function signingKeyFile(org: Org): Promise<string> {
  const file = join(org.folder, "jwt-private-key.pem");
  if (existsSync(file) && org.settings.read(kept) !== undefined) return file;
  const { privateKey, publicKey } = await generate("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(file, privateKey, { mode: 0o600 });
  org.settings.put(kept, publicKey);
  return file;
}

/** Registers another certificate (or public key, both as PEM) with the connected app; throws where it is none. */
export function registerCertificate(org: Org, pem: string): void {
  createPublicKey(pem);
  org.settings.put(kept, pem);
}

/** The certificate that the connected app trusts. */
export function certificateOf(org: Org): string | undefined {
  return org.settings.read(kept);
}

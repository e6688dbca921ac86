import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The key and certificate a simulator serves https with, and the file of the authority that signed it. */
export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly caFile: string;
}

const authority = [
  "[ca]",
  "basicConstraints=critical,CA:TRUE",
  "keyUsage=critical,keyCertSign,cRLSign",
  "subjectKeyIdentifier=hash",
  "[server]",
  "basicConstraints=CA:FALSE",
  "extendedKeyUsage=serverAuth",
  "subjectAltName=DNS:localhost,IP:127.0.0.1",
  "[req]",
  "distinguished_name=dn",
  "[dn]",
  "",
].join("\n");

/** The certificate kept in `folder`, made at the first start and again when it is about to expire. */
export function certificateIn(folder: string): Certificate {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  if (!stillGood(file("server.pem"))) make(file);
  return {
    key: readFileSync(file("server.key")),
    cert: readFileSync(file("server.pem")),
    caFile: file("ca.pem"),
  };
}

function stillGood(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    execFileSync("openssl", ["x509", "-checkend", "86400", "-noout", "-in", file], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false; // expired, broken, or no openssl: making it again gives the clear answer
  }
}

function make(file: (name: string) => string): void {
  const config = file("openssl.cnf");
  writeFileSync(config, authority);
  const key = (name: string): void =>
    openssl(["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file(name)]);
  key("ca.key");
  const subject = "/CN=Cutover simulator authority";
  openssl(
    `req -x509 -new -sha256 -days 800 -extensions ca -config`
      .split(" ")
      .concat(config, "-key", file("ca.key"), "-subj", subject, "-out", file("ca.pem")),
  );
  key("server.key");
  openssl(
    `req -new -sha256 -config`
      .split(" ")
      .concat(config, "-key", file("server.key"), "-subj", "/CN=localhost")
      .concat("-out", file("server.csr")),
  );
  const sign = `x509 -req -sha256 -days 800 -CAcreateserial -extensions server -extfile`.split(" ");
  const signers = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-in", file("server.csr")];
  // Renamed last, so that a start killed half-way makes all of it again.
  openssl([...sign, config, ...signers, "-out", file("server.pem.part")]);
  renameSync(file("server.pem.part"), file("server.pem"));
}

function openssl(args: readonly string[]): void {
  try {
    execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const said = missing
      ? "The command openssl is not installed; the simulators need it once to make their https certificate: install it (Debian: apt-get install openssl)."
      : `openssl ${args[0]} failed while making the https certificate of a simulator.`;
    throw new Error(said, { cause });
  }
}

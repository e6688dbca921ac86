import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../server/clock.ts";
import { storedFileOf } from "./stored-file.ts";
import type { Meta } from "../truth/meta.ts";
import type { Row } from "../truth/row.ts";

/** What a signed address turns out to be. */
export type Verdict = "good" | "expired" | "forged";

/** Addresses of files, and what they are worth. */
export interface FileAddresses {
  /** An address good from now; in a list, one planted as expired is so already. */
  sign(
    row: Row,
    options: { origin: string; listed: boolean },
  ): { url: string; expires: string | null };
  check(id: string, query: URLSearchParams): Verdict;
  /** Ends the addresses of a file given out so far. */
  expire(id: string): void;
  /** How long an address is good; with 0 it has expired as soon as it is given out. */
  lifeMs: number;
}

/** Addresses that are signed, good for a while, for whoever has them; the key survives a restart. */
export function signedAddresses(meta: Meta, clock: Clock): FileAddresses {
  const key = meta.get("file_key") ?? randomBytes(32).toString("base64url");
  meta.set("file_key", key);
  const endedKey = (id: string): string => `addresses_ended:${id}`;
  const ended = (id: string): string => meta.get(endedKey(id)) ?? "0";
  const signature = (id: string, version: string, expires: string): string =>
    createHmac("sha256", key).update(`${id}|${version}|${expires}`).digest("base64url");
  const addresses: FileAddresses = {
    lifeMs: 900_000,
    sign(row, { origin, listed }) {
      const life = listed && storedFileOf(row).fault === "expired" ? -60_000 : addresses.lifeMs;
      const expires = String(clock.now() + life);
      const version = ended(row.id);
      const query = new URLSearchParams({ v: version, expires });
      query.set("signature", signature(row.id, version, expires));
      return {
        url: `${origin}/files/${encodeURIComponent(row.id)}?${query.toString()}`,
        expires: new Date(Number(expires)).toISOString(),
      };
    },
    check(id, query) {
      const [version, expires] = [query.get("v") ?? "", query.get("expires") ?? ""];
      const [given, wanted] = [query.get("signature") ?? "", signature(id, version, expires)];
      if (given.length !== wanted.length) return "forged";
      if (!timingSafeEqual(Buffer.from(given), Buffer.from(wanted))) return "forged";
      return version !== ended(id) || Number(expires) <= clock.now() ? "expired" : "good";
    },
    expire: (id) => meta.set(endedKey(id), String(Number(ended(id)) + 1)),
  };
  return addresses;
}

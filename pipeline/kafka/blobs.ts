import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { CutoverError } from "../core/errors.ts";
import { blobPath, keepBlob } from "../stage/blob-folder.ts";

/** Larger framed values go by claim check: the broker's limit is 1 MiB with its overhead. */
export const claimAboveBytes = 900_000;

/** First byte of a claim-checked value; an ordinary one begins with 0. */
export const claimMagic = 1;

/** Writes a value under its SHA-256, synced before it is named, and returns what stands for it. */
export function checkIn(folder: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([claimMagic]), Buffer.from(keepBlob(folder, value), "hex")]);
}

/** The value a claim stands for; RECORD_UNREADABLE where the blob is missing or changed. */
export function checkOut(folder: string, claim: Buffer): Buffer {
  const digest = claim.subarray(1, 33);
  const path = blobPath(folder, digest.toString("hex"));
  if (!existsSync(path)) {
    throw new CutoverError(
      "RECORD_UNREADABLE",
      `Blob ${digest.toString("hex")} is missing from the blob folder.`,
    );
  }
  const value = readFileSync(path);
  if (!createHash("sha256").update(value).digest().equals(digest)) {
    throw new CutoverError(
      "RECORD_UNREADABLE",
      `Blob ${digest.toString("hex")} has changed on disk.`,
    );
  }
  return value;
}

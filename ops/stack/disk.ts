/** Tells whether a folder has room for the stack's data. */
import { statfs } from "node:fs/promises";
import { StackError } from "./stack-error.ts";

/** A rehearsal writes some 100 MB; a broker that meets a full disk in mid-write halts without a word to its clients. */
const neededBytes = 1024 ** 3;

/** Throws one sentence with the remedy when the disk is nearly full. */
export async function requireFreeSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  const megabytes = Math.floor(free / 1024 ** 2);
  throw new StackError(
    "DISK_FULL",
    `Only ${megabytes} MB are free at ${folder}: make room for 1 GB, or choose another folder with --folder.`,
  );
}

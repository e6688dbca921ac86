/** Lets one process at a time start or stop the stack of a folder. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { StackError } from "./stack-error.ts";

/** Two starts and a stop one after another fit into this. */
const waitMs = 180_000;

/** Runs `work` alone. The lock is SQLite's file lock, which the kernel releases when its holder is killed. */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(join(folder, "lock.db"));
  try {
    await take(lock, folder);
    return await work();
  } finally {
    lock.close();
  }
}

async function take(lock: DatabaseSync, folder: string): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!tryTake(lock)) {
    if (Date.now() > deadline) {
      const why = `Another process has been starting or stopping the stack in ${folder} for ${waitMs / 1000} s`;
      throw new StackError("BUSY", `${why}: end it and try again.`);
    }
    await delay(100);
  }
}

function tryTake(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 5) return false; // SQLITE_BUSY
    throw error;
  }
}

/** Tells whether a local port is free and, when it is not, whose it is. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { StackError } from "./stack-error.ts";

/** A killed process is gone from the process table some milliseconds before its sockets are. */
const graceMs = 3_000;

/** Throws one sentence with the remedy when the port is taken. */
export async function requireFreePort(port: number, use: string, option: string): Promise<void> {
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    if (await isFree(port)) return;
    await delay(50);
  }
  const owner = ownerOf(port);
  const whose = owner === undefined ? "another program" : `${owner.program} (process ${owner.pid})`;
  throw new StackError(
    "PORT_TAKEN",
    `Port ${port}, which ${use} needs, is taken by ${whose}: stop it, or choose another port with ${option}.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}

/** Looks the listener up as `ss -ltnp` does; `undefined` when it belongs to another user. */
function ownerOf(port: number): { pid: number; program: string } | undefined {
  const socket = listeningSocket(port);
  if (socket === undefined) return undefined;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!openFiles(pid).includes(`socket:[${socket}]`)) continue;
    return { pid: Number(pid), program: readFileSync(`/proc/${pid}/comm`, "utf8").trim() };
  }
  return undefined;
}

/** The kernel's number of the socket that listens on the port; columns as in proc(5), `0A` is LISTEN. */
function listeningSocket(port: number): string | undefined {
  const address = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const table = readFileSync("/proc/net/tcp", "utf8") + readFileSync("/proc/net/tcp6", "utf8");
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.find((row) => row[1]?.endsWith(address) && row[3] === "0A")?.[9];
}

function openFiles(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder)).flatMap((name) =>
    attempt(() => [readlinkSync(`${folder}/${name}`)]),
  );
}

/** A process or a file of it may end while it is looked at, or not be ours to look at. */
function attempt(look: () => string[]): string[] {
  try {
    return look();
  } catch {
    return [];
  }
}

import pino from "pino";
import { environment } from "./environment.ts";

/** Structured log of a process. Events are noun + past verb (`batch_loaded`). */
export type Log = pino.Logger;

/** A JSON log on stderr; stdout stays free for results. */
export function openLog(process: string, level = environment.logLevel): Log {
  return pino(
    {
      name: process,
      level,
      base: { process },
      messageKey: "event",
      redact: { paths: ["authorization", "*.authorization", "client_secret", "*.client_secret"] },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

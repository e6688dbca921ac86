import { endInTime } from "../../pipeline/stage/drain-deadline.ts";
import { openLog } from "../../pipeline/stage/log.ts";

// A stage that is told to stop and has something left to wait for: `<ms until killed> <ms of waiting>`.
const [withinMs, waitMs] = process.argv.slice(2).map(Number);
const stopping = new AbortController();
endInTime({ stopping: stopping.signal, log: openLog("undrained") }, withinMs);
process.once("SIGTERM", () => {
  stopping.abort();
  setTimeout(() => process.exit(0), waitMs);
});
setInterval(() => {}, 1000);
process.stdout.write("ready\n");

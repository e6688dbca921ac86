import { runPoller } from "../../pipeline/source/poller.ts";
import { loadProfile } from "../../pipeline/source/profile.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";

/** A poller as a process of its own, so that a test can kill it; its options are the first argument, as JSON. */
const { profilePath, ...options } = JSON.parse(process.argv[2] ?? "{}");
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());
const stage = { log: openLog("poller"), metrics: openMetrics(), stopping: stopping.signal };
await runPoller({ ...options, stage, profile: loadProfile(profilePath), pollMs: 100 });
process.exit(0);

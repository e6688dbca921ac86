import type { Supervisor } from "../../ops/migration/supervisor.ts";

/** Calls the loader says it has made, by kind and status (`create_multiple 200`); throttle waits in seconds. */
export async function productCalls(
  supervisor: Supervisor,
): Promise<{ readonly calls: Record<string, number>; readonly throttledSeconds: number }> {
  const { metrics } = supervisor.processes()["loader"] ?? {};
  const text = await (await fetch(String(metrics))).text();
  const calls: Record<string, number> = {};
  let throttledSeconds = 0;
  for (const line of text.split("\n")) {
    const [, name, labels = "", value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (!labels.includes('system="destination"')) continue;
    if (name === "cutover_throttle_wait_seconds_total") throttledSeconds = Number(value);
    if (name !== "cutover_calls_total") continue;
    const [api, status] = [/api="([^"]*)"/, /status="([^"]*)"/].map((one) => one.exec(labels)?.[1]);
    calls[`${api} ${status}`] = Number(value);
  }
  return { calls, throttledSeconds };
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `250ms`, `30s`, `5m`, `1h`, `3d` or an ISO 8601 duration (`PT10M`, `P3D`); undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const short = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (short !== null) return Number(short[1]) * (units[short[2] as string] as number);
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (iso === null || !/\d/.test(text)) return undefined;
  const [, days, hours, minutes, seconds] = iso.map((part) => Number(part ?? 0));
  return (
    (days ?? 0) * 86_400_000 +
    (hours ?? 0) * 3_600_000 +
    (minutes ?? 0) * 60_000 +
    (seconds ?? 0) * 1000
  );
}

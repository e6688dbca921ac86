import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openMetrics } from "../../pipeline/stage/metrics.ts";

const file = new URL("../../ops/monitoring/grafana-dashboard.json", import.meta.url);
const dashboard = JSON.parse(readFileSync(file, "utf8")) as {
  panels: { title: string; targets: { expr: string }[] }[];
};

test("every metric and label the dashboard asks for is one a process has", () => {
  const metrics = openMetrics().registry.getMetricsAsArray() as unknown as {
    name: string;
    labelNames: string[];
  }[];
  const names = new Set(metrics.map(({ name }) => name));
  const labels = new Set(metrics.flatMap(({ labelNames }) => labelNames).concat("le", "process"));
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets) {
      const asked = expr.match(/\b(?:cutover|process)_\w+/g) ?? [];
      const unknown = asked.filter((name) => !names.has(name.replace(/_bucket$/, "")));
      expect({ title, unknown, asked: asked.length > 0 }).toEqual({
        title,
        unknown: [],
        asked: true,
      });
      const by = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(
        (match) => match[1]?.split(/,\s*/) ?? [],
      );
      expect({ title, unknown: by.filter((label) => !labels.has(label)) }).toEqual({
        title,
        unknown: [],
      });
    }
  }
});

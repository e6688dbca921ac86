import { dispositions } from "../../pipeline/core/errors.ts";
import { fieldOptions } from "../../pipeline/mapping/field-options.ts";
import { rules } from "../../pipeline/mapping/rules.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { page, table } from "./markdown.ts";

/** Every word of the mapping vocabulary. */
export function rulesPage(): string {
  const words = [...rules.values()].flatMap(({ name, doc, example }) => [
    `## ${name}`,
    doc,
    ["```yaml", example, "```"].join("\n"),
  ]);
  const options = Object.entries(fieldOptions.shape).map(([name, schema]) => [
    `\`${name}\``,
    schema.description ?? "",
  ]);
  return page("Mapping rules", [
    "A field of a mapping names one rule, and what else it needs stands beside it.",
    "## Beside any rule",
    table(["option", "does"], options),
    ...words,
  ]);
}

const meanings = {
  stop: "the process ends: a person must mend configuration, credentials or the plan",
  retry: "a system fails: tried again, for ever",
  park: "this record must wait: it is woken, or tried again",
  reject: "this record is wrong: a letter with its original bytes, and its neighbours go on",
} as const;

/** What happens after each error. */
export function errorsPage(): string {
  const codes = Object.entries(dispositions).map(([code, disposition]) => [
    `\`${code}\``,
    disposition,
  ]);
  return page("Error codes", [
    table(["disposition", "means"], Object.entries(meanings)),
    table(["code", "disposition"], codes),
  ]);
}

/** The product's own metrics; Node's are beside them on every `/metrics`. */
export function metricsPage(): string {
  const { registry } = openMetrics();
  const rows = registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith("cutover_"))
    .map((metric) => {
      const { labelNames } = metric as unknown as { labelNames: readonly string[] };
      return [`\`${metric.name}\``, metric.help, labelNames.join(", ")];
    });
  return page("Metrics", [table(["metric", "measures", "labels"], rows)]);
}

import { z } from "zod";
import { dispositions } from "../../pipeline/core/errors.ts";
import { testSchema } from "../../pipeline/mapping/condition.ts";
import { fieldOptions } from "../../pipeline/mapping/field-options.ts";
import { rules } from "../../pipeline/mapping/rules.ts";
import { settingMatchSchema } from "../../pipeline/mapping/settings.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { settingsTable } from "./generate-settings.ts";
import { page, table } from "./markdown.ts";

/** Every word of the mapping vocabulary. */
export function rulesPage(): string {
  const words = [...rules.values()].flatMap(({ name, doc, example }) => [
    `## ${name}`,
    doc,
    ["```yaml", example, "```"].join("\n"),
  ]);
  return page("Mapping rules", [
    "A field of a mapping names one rule, and what else it needs stands beside it.",
    "## Conditions",
    "`rows_when` of a file says which records have a row, `when` of a field which of them fill it: one test of a field, or `all` or `any` of a list of tests.",
    table(["test", "asks"], described(testSchema.shape)),
    "## Settings",
    "A file, a field or a test may hold under some settings of `migration.yaml` only: `setting: { crew: team }`, or one of several: `setting: { invoices: [json, none] }`. Of what `migration.yaml` leaves open the destination's default counts, in bold; its `edition` decides first.",
    settingsTable(described(settingMatchSchema.shape)),
    "## Beside any rule",
    table(["option", "does"], described(fieldOptions.shape)),
    ...words,
  ]);
}

function described(shape: Readonly<Record<string, z.ZodType>>): string[][] {
  return Object.entries(shape)
    .filter(([, schema]) => schema.description !== undefined || isOptional(schema))
    .map(([name, schema]) => [`\`${name}\``, descriptionOf(schema)]);
}

/** A description stands on the schema, or on the one it makes optional. */
function descriptionOf(schema: z.ZodType): string {
  return schema.description ?? (isOptional(schema) ? descriptionOf(schema.unwrap()) : "");
}

function isOptional(schema: z.ZodType): schema is z.ZodOptional<z.ZodType> {
  return schema instanceof z.ZodOptional;
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

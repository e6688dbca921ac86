import type { CompiledPlan } from "../../pipeline/mapping/compile.ts";
import { allTopics } from "../../topics/index.ts";
import { page, table } from "./markdown.ts";

/** Every topic of a migration with the default mappings. */
export function topicsPage({ plan }: CompiledPlan): string {
  const objects = [...new Set(plan.objects.map(({ object }) => object))];
  const rows = allTopics("<m>", objects).map((topic) => [
    `\`${topic.name}\``,
    topic.schema === null ? "original bytes" : `\`schemas/${topic.schema}.avsc\``,
    topic.compatibility,
    topic.partitions === "one" ? "1" : "as configured",
    topic.cleanup,
    Object.entries(topic.config)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  ]);
  return page("Topics", [
    "`<m>` is the migration's name. What each holds and why its settings are so stands in `topics/`.",
    table(["topic", "value", "compatibility", "partitions", "cleanup", "settings"], rows),
  ]);
}

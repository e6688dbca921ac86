import { type Topic, allTopics, loadTopic } from "../../topics/index.ts";
import { page, table } from "./markdown.ts";

/** Destination objects a default plan loads. */
export interface LoadedObjects {
  readonly title: string;
  readonly kind: string;
  readonly objects: readonly string[];
}

/** Every topic of a migration with the default mappings. */
export function topicsPage(destinations: readonly LoadedObjects[]): string {
  return page("Topics", [
    "`<m>` is the migration's name. What each holds and why its settings are so stands in `topics/`.",
    topicTable(allTopics("<m>", []), (schema) => schema),
    ...destinations.flatMap(({ title, kind, objects }) => [
      `## Loaded into ${title}`,
      topicTable(
        objects.map((object) => loadTopic("<m>", object)),
        (schema) => schema.replace(/^load/, kind),
      ),
    ]),
  ]);
}

function topicTable(
  topics: readonly Pick<Topic<never>, Exclude<keyof Topic<never>, "key">>[],
  fileOf: (schema: string) => string,
): string {
  const rows = topics.map((topic) => [
    `\`${topic.name}\``,
    topic.schema === null ? "original bytes" : `\`schemas/${fileOf(topic.schema)}.avsc\``,
    topic.compatibility,
    topic.partitions === "one" ? "1" : "as configured",
    topic.cleanup,
    Object.entries(topic.config)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  ]);
  return table(["topic", "value", "compatibility", "partitions", "cleanup", "settings"], rows);
}

import { z } from "zod";
import { sourceKey as keyOf } from "../../core/source-key.ts";
import { requireType, rule } from "./rule.ts";

/** The key of this record, or of one it names. */
export const sourceKey = rule({
  name: "source_key",
  doc: "The source key of the record itself (`id`), or of a record a field names, as text: what everything is upserted, bound and found by.",
  example: "SourceKey: { source_key: id }",
  schema: z.strictObject({ source_key: z.string() }),
  compile(spec, site) {
    requireType(site, "string");
    const entity = spec.source_key === "id" ? site.entity : site.referenced(spec.source_key);
    const { get } = site.path(spec.source_key, "text");
    return {
      read(record) {
        const id = get(record) as string | null;
        return id === null || id === "" ? null : keyOf(entity, id);
      },
    };
  },
});

import { z } from "zod";
import { sourceKey } from "../../core/source-key.ts";
import { requireType, rule } from "./rule.ts";

/** Who wrote the row. */
export const author = rule({
  name: "author",
  doc: "The row's author: the first of these user ids that the record has, as that user's source key, which the loader resolves through the confirmed owners. An author nobody was found for leaves the field empty, because no fallback wrote the record.",
  example: "WrittenBy: { author: [author_id, created_by] }",
  schema: z.strictObject({ author: z.array(z.string()).min(1) }),
  compile(spec, site) {
    requireType(site, "reference");
    const readers = spec.author.map((path) => site.path(path, "text").get);
    return {
      read(record) {
        for (const get of readers) {
          const id = get(record) as string | null;
          if (id !== null && id !== "") return sourceKey("user", id);
        }
        return null;
      },
      plan: { owner: true, unresolved: "empty" },
    };
  },
});

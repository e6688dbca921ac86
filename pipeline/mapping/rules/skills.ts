import { z } from "zod";
import type { Skill } from "../../core/generated/records.ts";
import { requireType, rule } from "./rule.ts";

/** What a technician can do, and for how long it is certified. */
export const skills = rule({
  name: "skills",
  doc: "A technician's skills joined into one text, or those that are certified with the day their certificate ends, one on a line.",
  example: "Certifications: { skills: skills, part: certifications }",
  schema: z.strictObject({ skills: z.string(), part: z.enum(["names", "certifications"]) }),
  compile(spec, site) {
    requireType(site, "textarea", "string");
    const { get } = site.path(spec.skills, "list");
    return {
      read(record) {
        const all = get(record) as readonly Skill[];
        if (spec.part === "names")
          return joined(
            all.map(({ name }) => name),
            "; ",
          );
        const certified = all.filter(({ certified_until: until }) => until !== null);
        return joined(
          certified.map(({ name, certified_until: until }) => `${name} (until ${until})`),
          "\n",
        );
      },
    };
  },
});

function joined(items: readonly string[], separator: string): string | null {
  return items.length === 0 ? null : items.join(separator);
}

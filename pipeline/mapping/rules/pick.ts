import { z } from "zod";
import { isText } from "../target-field.ts";
import { isEmail } from "./copy.ts";
import { MappingFault, rule } from "./rule.ts";

interface Entry {
  readonly value: string;
  readonly kind?: string | null;
}

/** One of several e-mail addresses or phone numbers. */
export const pick = rule({
  name: "pick",
  doc: "Of several e-mail addresses or phone numbers the first; `kind` takes the first of that kind, `not_kind` the first of any other. `take: others` gives, as one text, all that neither `pick` of the same list takes. An e-mail field passes over what is no address: it is among the others.",
  example: "Mobile: { pick: phones, kind: mobile }",
  schema: z.strictObject({
    pick: z.string(),
    take: z.enum(["first", "others"]).default("first"),
    kind: z.string().optional(),
    not_kind: z.string().optional(),
    emails: z.boolean().default(false),
  }),
  compile(spec, site) {
    if (!isText(site.target.type)) throw new MappingFault("an entry of a list is a text");
    const { get } = site.path(spec.pick, "list");
    const emails = spec.emails || site.target.type === "email";
    const usable = (entry: Entry): boolean =>
      entry.value.trim() !== "" && (!emails || isEmail(entry.value.trim()));
    const first = (list: readonly Entry[], kind?: string, notKind?: string): Entry | undefined =>
      list.find(
        (entry) =>
          usable(entry) &&
          (kind === undefined || isKind(entry, kind)) &&
          (notKind === undefined || !isKind(entry, notKind)),
      );
    if (spec.take === "first") {
      return {
        read: (record) =>
          first(get(record) as readonly Entry[], spec.kind, spec.not_kind)?.value.trim() ?? null,
      };
    }
    return {
      read(record) {
        const entries = get(record) as readonly Entry[];
        const taken = [
          first(entries, spec.kind),
          spec.kind && first(entries, undefined, spec.kind),
        ];
        const others = entries.filter((entry) => !taken.includes(entry));
        return others.length === 0 ? null : others.map(({ value }) => value.trim()).join("; ");
      },
    };
  },
});

function isKind(entry: Entry, kind: string): boolean {
  return entry.kind?.trim().toLowerCase() === kind;
}

import { z } from "zod";
import { requireType, rule } from "./rule.ts";

interface Name {
  readonly first: string | null;
  readonly last: string | null;
}

/** One part of a person's name. */
export const splitName = rule({
  name: "split_name",
  doc: "The first or last name of a person. Where the source has no last name, the display name's last word is it and the words before are the first name; a single word, also a lone first name, is the last name, because a contact must have one.",
  example:
    "Surname: { split_name: last, first: first_name, last: last_name, display: display_name }",
  schema: z.strictObject({
    split_name: z.enum(["first", "last"]),
    first: z.string(),
    last: z.string(),
    display: z.string(),
  }),
  compile(spec, site) {
    requireType(site, "string");
    const first = site.path(spec.first, "text").get;
    const last = site.path(spec.last, "text").get;
    const display = site.path(spec.display, "text").get;
    return {
      read: (record) =>
        nameOf(
          first(record) as string | null,
          last(record) as string | null,
          display(record) as string | null,
        )[spec.split_name],
    };
  },
});

/** Both parts of a name; null where there is nothing for it. */
export function nameOf(first: string | null, last: string | null, display: string | null): Name {
  const given = words(first);
  const family = words(last);
  if (family !== null) return { first: given, last: family };
  const shown = words(display) ?? given;
  if (shown === null) return { first: null, last: null };
  const cut = shown.lastIndexOf(" ");
  if (cut < 0) return { first: null, last: shown };
  return { first: shown.slice(0, cut), last: shown.slice(cut + 1) };
}

function words(text: string | null): string | null {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" ? null : trimmed.replace(/\s+/g, " ");
}

import { z } from "zod";
import { plainText } from "./plain-text.ts";
import { storable } from "./rules/datetime.ts";
import { Fault, type RuleSite, type Source } from "./rules/rule.ts";

/** What says who wrote a text, and when. */
export const signatureSchema = z.strictObject({
  name: z.string(),
  id: z.string(),
  at: z.array(z.string()).min(1),
});

/** What stands for a text that had nothing but markup. */
const noText = "(no text)";

/**
 * A note's words as plain text. Its author and time stand above them where the row has no place of
 * its own for them: without the audit fields, or where the source knows the author by name only.
 */
export function signedText(
  spec: {
    readonly body: string;
    readonly format: string | undefined;
    readonly signed: z.infer<typeof signatureSchema>;
  },
  site: RuleSite,
): (record: Source) => string | Fault {
  const body = site.path(spec.body, "text").get;
  const format = spec.format === undefined ? () => null : site.path(spec.format, "text").get;
  const signature = signatureOf(spec.signed, site);
  return (record) => {
    const words = plainText((body(record) as string | null) ?? "", format(record) as string | null);
    const above = signature(record);
    if (above instanceof Fault) return above;
    const text = words.trim() === "" ? noText : words.trim();
    return above === null ? text : `${above}\n${text}`;
  };
}

/** Author and time of a text, where the row has no place of its own for them; null where it has. */
export function signatureOf(
  spec: z.infer<typeof signatureSchema>,
  site: RuleSite,
): (record: Source) => string | null | Fault {
  const [name, id] = [spec.name, spec.id].map((path) => site.path(path, "text").get) as [
    (record: Source) => string | null,
    (record: Source) => string | null,
  ];
  const times = spec.at.map((path) => site.path(path, "datetime").get);
  return (record) => {
    const [named, known] = [name(record) || null, id(record) || null];
    const hasOwnPlace = site.settings.audit_fields && (known !== null || named === null);
    if (hasOwnPlace) return null;
    const at = times.map((get) => get(record) as number | null).find((each) => each !== null);
    const author = named ?? known ?? "Unknown author";
    if (at === undefined || at === null) return author;
    const moment = storable(at, site.destination);
    if (moment instanceof Fault) return moment;
    return `${author}, ${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  };
}

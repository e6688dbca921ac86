import { z } from "zod";
import { signatureSchema, signedText } from "../signed-text.ts";
import { splitText as partsOf } from "../split-text.ts";
import { Fault, MappingFault, rule } from "./rule.ts";

/** A note as comments. */
export const splitText = rule({
  name: "split_text",
  doc: "A note as plain text in rows of at most the bytes its field holds, cut at a word and marked `(1/3)`, the marks counted in. Its author and time stand above the first words where the row has no audit fields for them.",
  example:
    "Text: { split_text: body, format: format, signed: { name: author_name, id: author_id, at: [written_at, created_at] } }",
  schema: z.strictObject({
    split_text: z.string(),
    format: z.string().optional(),
    signed: signatureSchema,
  }),
  compile(spec, site) {
    if (!site.perRow) throw new MappingFault("split_text gives several rows: it stands under rows");
    const { bytes, name } = site.target;
    if (bytes === undefined) throw new MappingFault(`${name} is not counted in bytes`);
    const text = signedText({ ...spec, body: spec.split_text, format: spec.format }, site);
    const whole = (record: Parameters<typeof text>[0]): ReturnType<typeof text> => text(record);
    return {
      read: whole,
      readRows(record) {
        const words = whole(record);
        return words instanceof Fault ? words : partsOf(words, bytes);
      },
    };
  },
});

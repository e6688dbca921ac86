import { z } from "zod";
import { signatureSchema, signedText } from "../signed-text.ts";
import { Fault, requireType, rule } from "./rule.ts";

/** A note as a file. */
export const textFile = rule({
  name: "text_file",
  doc: "A note as the content of a text file: plain text whatever it was written in, its author and time above it where the row has no audit fields for them.",
  example:
    "Content: { text_file: body, format: format, signed: { name: author_name, id: author_id, at: [written_at, created_at] } }",
  schema: z.strictObject({
    text_file: z.string(),
    format: z.string().optional(),
    signed: signatureSchema,
  }),
  compile(spec, site) {
    requireType(site, "file");
    const text = signedText({ ...spec, body: spec.text_file, format: spec.format }, site);
    return {
      read(record) {
        const words = text(record);
        return words instanceof Fault ? words : `text:${words}`;
      },
    };
  },
});

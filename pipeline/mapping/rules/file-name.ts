import { z } from "zod";
import { fileName as nameOf, titleOf } from "../file-name.ts";
import { requireType, rule } from "./rule.ts";

/** A file's name as every system takes it. */
export const fileName = rule({
  name: "file_name",
  doc: "A file name without the characters file systems reserve, of at most 255 characters, the extension kept; where it has none, or one nobody knows, the extension follows from the first `type` that is known, because the destination goes by it. A nameless file is called by its `unnamed` id. `part: title` leaves the extension out. `prefix` and `extension` make a name of an id.",
  example: "FileName: { file_name: file_name, type: [file.mime_detected, mime_type], unnamed: id }",
  schema: z.strictObject({
    file_name: z.string(),
    type: z.array(z.string()).default([]),
    unnamed: z.string().optional(),
    part: z.enum(["path", "title"]).default("path"),
    prefix: z.string().default(""),
    extension: z.string().optional(),
  }),
  compile(spec, site) {
    requireType(site, "string");
    const { get } = site.path(spec.file_name, "text");
    const types = spec.type.map((path) => site.path(path, "text").get);
    const unnamed = spec.unnamed === undefined ? undefined : site.path(spec.unnamed, "text").get;
    const suffix = spec.extension === undefined ? "" : `.${spec.extension}`;
    return {
      read(record) {
        const given = ((get(record) as string | null) ?? "").trim();
        const own = given === "" ? `file-${String(unnamed?.(record) ?? "")}` : given;
        const name = nameOf(
          `${spec.prefix}${own}${suffix}`,
          types.map((type) => type(record) as string | null),
        );
        return spec.part === "title" ? titleOf(name) : name;
      },
    };
  },
});

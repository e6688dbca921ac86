import { z } from "zod";
import type { SpooledFile } from "../../core/generated/records.ts";
import { Fault, requireType, rule } from "./rule.ts";

/** The bytes of an attachment. */
export const file = rule({
  name: "file",
  doc: "The bytes of an attachment, as the source layer has spooled them. Without bytes it is rejected: FILE_MISSING says why there are none, FILE_EMPTY that the file has no content, which the destination takes no file without.",
  example: "Content: { file: file, problem: file_problem }",
  schema: z.strictObject({ file: z.string(), problem: z.string() }),
  compile(spec, site) {
    requireType(site, "file");
    const { get } = site.path(spec.file, "record");
    const problem = site.path(spec.problem, "text").get;
    return {
      read(record) {
        const spooled = get(record) as SpooledFile | null;
        if (spooled === null) return missing(problem(record) as string | null);
        if (spooled.size === 0) return empty;
        return `sha256:${spooled.sha256}:${spooled.size}`;
      },
    };
  },
});

const empty = new Fault(
  "FILE_EMPTY",
  "has 0 bytes, and the destination takes no empty file: put its content there at the source, or delete it.",
);

const reasons: Readonly<Record<string, string>> = {
  missing: "is named by the source, which has no such file",
  refused: "is kept back by the source",
  too_large: "is larger than the profile lets a file be",
  unreachable: "could not be downloaded; it is tried again",
};

function missing(problem: string | null): Fault {
  const reason = reasons[problem ?? "missing"] ?? `has no bytes (${problem})`;
  return new Fault("FILE_MISSING", `${reason}: look at it at the source.`);
}

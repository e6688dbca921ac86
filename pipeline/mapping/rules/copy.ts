import { z } from "zod";
import { isText } from "../target-field.ts";
import { Fault, MappingFault, type ReadField, rule, type RuleSite } from "./rule.ts";

const emailForm = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** Whether a destination would take the text as an e-mail address. */
export function isEmail(text: string): boolean {
  return emailForm.test(text);
}

/** The value as it stands. */
export const copy = rule({
  name: "copy",
  doc: "The value as it stands: text to text, a whole number to a number or a text; of several fields the first that has one, and `empty` where none has. E-mail addresses are trimmed and must look like one.",
  example: "Title: { copy: title, overflow: WholeTitle }",
  schema: z.strictObject({
    copy: z.union([z.string(), z.array(z.string()).min(2)]),
    empty: z.string().optional(),
  }),
  compile(spec, site) {
    const { type } = site.target;
    if (typeof spec.copy !== "string" || spec.empty !== undefined) {
      if (!isText(type) || type === "email") {
        throw new MappingFault("several fields, and `empty`, are for text fields");
      }
      return { read: firstText([spec.copy].flat(), spec.empty ?? null, site) };
    }
    const { get, shape } = site.path(spec.copy, "text", "int");
    if (type === "email") return { read: (record) => email(get(record) as string | null) };
    if (isText(type)) {
      if (shape.kind === "text") return { read: (record) => get(record) as string | null };
      return {
        read: (record) => {
          const value = get(record) as number | null;
          return value === null ? null : String(value);
        },
      };
    }
    if (type === "int" && shape.kind === "int") {
      return { read: (record) => get(record) as number | null };
    }
    throw new MappingFault(
      `copies ${shape.kind} into a field of type ${type}: use the rule of that type`,
    );
  },
});

function firstText(paths: readonly string[], empty: string | null, site: RuleSite): ReadField {
  const readers = paths.map((path) => site.path(path, "text").get);
  return (record) => {
    for (const get of readers) {
      const value = get(record) as string | null;
      if (value !== null && value.trim() !== "") return value;
    }
    return empty;
  };
}

function email(value: string | null): string | null | Fault {
  const text = value?.trim() ?? "";
  if (text === "") return null;
  return isEmail(text)
    ? text
    : new Fault("VALUE_INVALID", "is no e-mail address: correct it at the source.");
}

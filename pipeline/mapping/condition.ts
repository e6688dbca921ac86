import { z } from "zod";
import { textBytesOver } from "./plain-text.ts";
import { richHtmlOver } from "./rich-html.ts";
import { MappingFault, type RuleSite, type Source } from "./rules/rule.ts";
import { holdsFor, settingMatchSchema } from "./settings.ts";

/** One question about a field of a record. */
export const testSchema = z.strictObject({
  field: z.string(),
  in: z.array(z.string()).min(1).optional().describe("Has one of these values."),
  not_in: z.array(z.string()).min(1).optional().describe("Has none of these values."),
  empty: z.boolean().optional().describe("Has no value, or has one."),
  same_as: z.string().optional().describe("Equals another field."),
  differs_from: z.string().optional().describe("Does not equal another field."),
  min: z.number().optional().describe("Is a number of at least this much."),
  max_bytes: z.int().optional().describe("Has at most so many bytes as plain text."),
  over_bytes: z.int().optional().describe("Has more bytes than this as plain text."),
  over_html: z.int().optional().describe("Has more characters than this as harmless HTML."),
  format: z.string().optional().describe("Field that says how the text is written."),
  setting: settingMatchSchema.optional().describe("Left out under other settings."),
});

type Test = z.infer<typeof testSchema>;

/** When something holds for a record: one test, all of several, or any of several. */
export const conditionSchema = z.union([
  testSchema,
  z.strictObject({ all: z.array(testSchema).min(1) }),
  z.strictObject({ any: z.array(testSchema).min(1) }),
]);

/** A condition as a mapping says it. */
export type Condition = z.infer<typeof conditionSchema>;

/** Whether a condition holds for a record. */
export type Holds = (record: Source) => boolean;

/** Compiles a condition; the fields it looks at count as read. */
export function compileCondition(condition: Condition, site: RuleSite): Holds {
  if ("all" in condition) {
    const tests = active(condition.all, site);
    return (record) => tests.every((holds) => holds(record));
  }
  if ("any" in condition) {
    const tests = active(condition.any, site);
    return (record) => tests.some((holds) => holds(record));
  }
  return compileTest(condition, site);
}

function active(tests: readonly Test[], site: RuleSite): Holds[] {
  return tests
    .filter(({ setting }) => holdsFor(setting, site.settings))
    .map((test) => compileTest(test, site));
}

function compileTest(test: Test, site: RuleSite): Holds {
  const asked = compilers.filter(([name]) => test[name] !== undefined);
  const [only] = asked;
  if (only === undefined || asked.length > 1) {
    throw new MappingFault(
      `a condition asks one thing of ${test.field}: ${compilers.map(([name]) => name).join(", ")}`,
    );
  }
  return only[1](test, site);
}

type Compiler = (test: Test, site: RuleSite) => Holds;

const compilers: readonly (readonly [keyof Test, Compiler])[] = [
  [
    "in",
    (test, site) => {
      const get = scalar(test.field, site);
      const wanted = new Set(test.in);
      return (record) => wanted.has(String(get(record)));
    },
  ],
  [
    "not_in",
    (test, site) => {
      const get = scalar(test.field, site);
      const unwanted = new Set(test.not_in);
      return (record) => !unwanted.has(String(get(record)));
    },
  ],
  [
    "empty",
    (test, site) => {
      const get = any(test.field, site);
      return (record) => isEmpty(get(record)) === test.empty;
    },
  ],
  [
    "same_as",
    (test, site) => {
      const [left, right] = [
        scalar(test.field, site),
        scalar(test.same_as ?? test.field, site),
      ] as const;
      return (record) => left(record) === right(record);
    },
  ],
  [
    "differs_from",
    (test, site) => {
      const [left, right] = [
        scalar(test.field, site),
        scalar(test.differs_from ?? test.field, site),
      ] as const;
      return (record) => left(record) !== right(record);
    },
  ],
  [
    "min",
    (test, site) => {
      const { get } = site.path(test.field, "int");
      return (record) =>
        ((get(record) as number | null) ?? Number.NEGATIVE_INFINITY) >= (test.min ?? 0);
    },
  ],
  ["max_bytes", (test, site) => negated(overBytes(test, test.max_bytes ?? 0, site))],
  ["over_bytes", (test, site) => overBytes(test, test.over_bytes ?? 0, site)],
  ["over_html", (test, site) => over(test, test.over_html ?? 0, site, richHtmlOver)],
];

function overBytes(test: Test, bytes: number, site: RuleSite): Holds {
  return over(test, bytes, site, textBytesOver);
}

function over(test: Test, limit: number, site: RuleSite, isOver: typeof textBytesOver): Holds {
  const { get } = site.path(test.field, "text");
  const format = test.format === undefined ? () => null : site.path(test.format, "text").get;
  return (record) => isOver(get(record) as string | null, format(record) as string | null, limit);
}

function negated(holds: Holds): Holds {
  return (record) => !holds(record);
}

function scalar(path: string, site: RuleSite): (record: Source) => unknown {
  return site.path(path, "text", "int", "boolean").get;
}

function any(path: string, site: RuleSite): (record: Source) => unknown {
  return site.path(path, "text", "int", "boolean", "datetime", "money", "record", "list").get;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

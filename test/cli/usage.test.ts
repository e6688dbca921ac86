import { expect, test } from "vitest";
import { cutover } from "./cutover.ts";

const wrong = [
  [
    ["--destination", "dynamics"],
    "dynamics has editions: name one with --edition enterprise|professional.",
  ],
  [["--edition", "enterprise"], "salesforce has no edition: leave --edition out."],
  [
    ["--destination", "dynamics", "--edition", "express"],
    "Allowed choices are enterprise, professional.",
  ],
  [["--destination", "hubspot"], "Allowed choices are salesforce, dynamics."],
  [["--brokers", "127.0.0.1:9"], "--brokers and --registry go together."],
] as const;

test.each(wrong)(
  "cutover rehearse %j is a usage error that says what to write",
  async (args, said) => {
    const { code, stderr, stdout } = await cutover("rehearse", ...args);
    expect(stderr).toContain(said);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  },
);

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

test("a mistyped command is told what it may have meant", async () => {
  const { code, stderr } = await cutover("stacks");
  expect(stderr).toContain("Did you mean stack?");
  expect(code).toBe(2);
});

test("help names every command but the one the supervisor starts", async () => {
  const { code, stdout } = await cutover("--help");
  const named = [...stdout.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name);
  const all =
    "rehearse repair stack simulators topics schema status sql dead-letters explain export help";
  expect(named).toEqual(all.split(" "));
  expect(code).toBe(0);
});

import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compilePlan } from "../../../pipeline/mapping/compile.ts";
import { dynamicsFolder } from "./mapped-rows.ts";

/** What compiling says of the mappings where one file has one text replaced. */
function faultOf(file: string, from: string, to: string, edition: "enterprise" | "professional") {
  const folder = mkdtempSync(join(tmpdir(), "cutover-dynamics-"));
  cpSync(dynamicsFolder, folder, { recursive: true });
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
  try {
    compilePlan({ folder, settings: { edition }, destination: "dynamics", hash: "x" });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The mapping was taken.");
}

test.each([
  [
    "a field of a job nobody takes",
    "service-order.yaml",
    "  qd_cancelreason: { copy: cancel_reason }\n",
    "",
    "job.cancel_reason is neither mapped nor listed under not_carried",
  ],
  [
    "a field of a note that has no place and no reason",
    "annotation-note.yaml",
    "  pinned: a note takes no columns of ours and has nothing to be pinned by\n",
    "",
    "note.pinned is neither mapped nor listed under not_carried",
  ],
  [
    "a status outside the six",
    "service-order.yaml",
    "Pending: Unassigned",
    "Pending: Waiting",
    'the table gives "Waiting", which is not among the values of qd_workorderstatus',
  ],
  [
    "a choice without a table that does not say what it takes",
    "service-order.yaml",
    "{ copy: service_type }",
    "{ values: service_type }",
    "needs a table: qd_servicetype does not say which values it takes",
  ],
  [
    "formatting for a column that shows none",
    "phone-call.yaml",
    "{ html: body, overflow: qd_fulldescription }",
    "{ rich_text: body, overflow: qd_fulldescription }",
    "fields.description: description shows no HTML",
  ],
  [
    "a note on a table no mapping makes",
    "annotation-note.yaml",
    "object: contact }",
    "object: lead }",
    "objectid refers to qd_serviceorder or opportunity or contact or account, not to lead",
  ],
  [
    "a table nobody declares",
    "service-line.yaml",
    "custom_table: { label: Service Line, plural: Service Lines }\n",
    "",
    "one mapping of qd_serviceline declares the table, and 0 do",
  ],
])("%s is refused with file and field", (_, file, from, to, message) => {
  const fault = faultOf(file, from, to, "enterprise");
  expect(fault).toContain(file);
  expect(fault).toContain(message);
});

test("a probability that is no number is refused", () => {
  expect(faultOf("opportunity.yaml", "Assigned: 50", "Assigned: half", "professional")).toContain(
    "fields.closeprobability: the table gives half to closeprobability, which takes a number",
  );
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret } from "../../../pipeline/stage/secret.ts";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { sendParts } from "../../../sinks/dynamics/send-parts.ts";
import { aRow, lookup, planOf, text, type Writing, writing } from "./writing.ts";

let env: Writing;
let account: string;
beforeAll(async () => {
  env = await writing();
  account = await env.raw.create("accounts", { name: "Regarding" });
});
afterAll(() => env.close());

const task = planOf("task", [
  text("subject"),
  { name: "actualend", type: "datetime" },
  { name: "statecode", type: "picklist" },
  { name: "statuscode", type: "picklist" },
  lookup("regardingobjectid", "account", { customer: "account", contact: "contact" }),
]);
const taskId = (key: string): string => rowGuid("task", key);
const done = (subject: string) => ({
  subject,
  actualend: Date.UTC(2020, 1, 2, 3),
  statecode: "Completed",
  statuscode: null,
  regardingobjectid: account,
});

test("a completed task is created and completed with its own time, whatever it is about", async () => {
  const contact = await env.raw.create("contacts", { lastname: "Reader" });
  const results = await env.send(task, "insert", [
    aRow("t-1", done("One")),
    aRow(
      "t-2",
      { ...done("Two"), regardingobjectid: contact },
      { targets: { regardingobjectid: "contact" } },
    ),
    aRow("t-3", {
      ...done("Three"),
      statecode: "Open",
      statuscode: "In Progress",
      actualend: null,
    }),
  ]);
  expect([...results.values()].map(({ kind }) => kind)).toEqual(Array(3).fill("created"));
  expect(await env.row("tasks", taskId("t-1"))).toMatchObject({
    statecode: 1,
    statuscode: 5,
    actualend: "2020-02-02T03:00:00Z",
    _regardingobjectid_value: account,
  });
  expect(await env.row("tasks", taskId("t-2"))).toMatchObject({
    _regardingobjectid_value: contact,
  });
  expect(await env.row("tasks", taskId("t-3"))).toMatchObject({ statecode: 0, statuscode: 3 });
});

test("a completed task is changed and stays completed", async () => {
  await env.send(task, "insert", [aRow("edit", done("Before"))]);
  const results = await env.send(task, "update", [env.changed(task, "edit", done("After"))]);
  expect(results.get("edit")?.kind).toBe("updated");
  expect(await env.row("tasks", taskId("edit"))).toMatchObject({ subject: "After", statecode: 1 });
});

test("a task is opened again, and cancelled, as the source says", async () => {
  await env.send(task, "insert", [aRow("turn", done("Turn"))]);
  const open = { ...done("Turn"), statecode: "Open" };
  await env.send(task, "update", [env.changed(task, "turn", open)]);
  expect(await env.row("tasks", taskId("turn"))).toMatchObject({ statecode: 0, statuscode: 2 });
  const cancelled = { ...done("Turn"), statecode: "Canceled" };
  await env.send(task, "update", [env.changed(task, "turn", cancelled)]);
  expect(await env.row("tasks", taskId("turn"))).toMatchObject({ statecode: 2, statuscode: 6 });
});

test("a task somebody has completed is changed and stays completed, though its plan knows no state", async () => {
  const stateless = planOf("task", [text("subject")]);
  await env.send(stateless, "insert", [aRow("theirs", { subject: "Before" })]);
  await env.raw.call("PATCH", `tasks(${taskId("theirs")})`, { statecode: 1, statuscode: 5 });
  const change = env.changed(stateless, "theirs", { subject: "After" });
  expect((await env.send(stateless, "update", [change])).get("theirs")?.kind).toBe("updated");
  expect(await env.row("tasks", taskId("theirs"))).toMatchObject({
    subject: "After",
    statecode: 1,
  });
});

test("a task that cannot be completed is not created either, and its neighbours are", async () => {
  const rows = [
    aRow("good-1", done("Good")),
    aRow("bad", { ...done("Bad"), statuscode: "In Progress" }),
    aRow("good-2", done("Good")),
  ];
  const results = await env.send(task, "insert", rows);
  expect(results.get("bad")).toMatchObject({ kind: "refused", code: "0x80048408" });
  expect(await env.row("tasks", taskId("bad"))).toBeUndefined();
  expect(results.get("good-2")?.kind).toBe("created");
});

test("a completed task is deleted; one that is gone is told when it is changed", async () => {
  await env.send(task, "insert", [aRow("del", done("Del"))]);
  const results = await env.send(task, "delete", [env.changed(task, "del", {})]);
  expect(results.get("del")?.kind).toBe("deleted");
  const change = env.changed(task, "del", done("Again"));
  expect((await env.send(task, "update", [change])).get("del")?.kind).toBe("gone");
});

test("a row is created for its author, and rows of an author who left are refused by that field", async () => {
  const { json } = await env.raw.admin("POST", "users", {
    users: [{ email: "ann@x.example" }, { email: "left@x.example", active: false }],
  });
  const [ann, left] = json.ids as [string, string];
  const note = planOf(
    "annotation",
    [
      text("subject"),
      { name: "notetext", type: "textarea" },
      { name: "createdby", type: "reference", owner: true, createOnly: true },
      { name: "overriddencreatedon", type: "datetime", createOnly: true },
      lookup("objectid", "account"),
    ],
    { identity: "primary_key", keyField: "" },
  );
  const fields = { subject: "S", notetext: "<p>T</p>", objectid: account };
  const created = Date.UTC(2018, 2, 3, 4, 5, 6);
  const results = await env.send(note, "insert", [
    aRow("n-1", { ...fields, createdby: ann, overriddencreatedon: created }),
    aRow("n-2", { ...fields, createdby: null, overriddencreatedon: created }),
    aRow("n-3", { ...fields, createdby: left, overriddencreatedon: created }),
  ]);
  const idOf = (key: string): string => rowGuid("annotation", key);
  expect(await env.row("annotations", idOf("n-1"))).toMatchObject({
    _createdby_value: ann,
    createdon: "2018-03-03T04:05:06Z",
    notetext: "<p>T</p>",
  });
  expect((await env.row("annotations", idOf("n-2")))._createdby_value).toBe(
    env.parts.client.userId,
  );
  expect(results.get("n-3")).toMatchObject({ code: "0x80040225", field: "createdby" });
  const change = { ...fields, notetext: "<p>New</p>", createdby: left, overriddencreatedon: 0 };
  await env.send(note, "update", [env.changed(note, "n-1", change)]);
  expect(await env.row("annotations", idOf("n-1"))).toMatchObject({
    notetext: "<p>New</p>",
    createdon: "2018-03-03T04:05:06Z",
  });
});

test("what our own user may not do ends the send with the permission that is missing", async () => {
  const made = await env.raw.admin("POST", "users", {
    users: [{ email: "app@x.example", application: true, missingPrivileges: ["prvCreateAccount"] }],
  });
  const [{ client_id: clientId, client_secret: secret }] = made.json.users;
  const client = await env.client({ users: [{ clientId, clientSecret: new Secret(secret) }] });
  const plan = planOf("account", [text("name")]);
  const rows = ["a", "b", "c"].map((key) => aRow(`may-not-${key}`, { name: key }));
  const sent = env.send(plan, "insert", rows, sendParts(client, { blobFolder: env.blobFolder }));
  await expect(sent).rejects.toMatchObject({ code: "SINK_PERMISSION_MISSING" });
});

test("duplicate detection and skipped plug-ins are said to the service where they are set", async () => {
  await env.raw.admin("POST", "settings", {
    duplicateRules: [{ table: "account", columns: ["name"] }],
  });
  await env.raw.create("accounts", { name: "Same" });
  const plan = planOf("account", [text("name")]);
  const detecting = await env.another({ detectDuplicates: true });
  const rows = [aRow("det-1", { name: "Same" })];
  const refused = await env.send(plan, "insert", rows, detecting);
  expect(refused.get("det-1")).toMatchObject({ code: "0x80040333", class: "refuse" });
  expect((await env.send(plan, "insert", rows)).get("det-1")?.kind).toBe("created");
  await env.raw.admin("POST", "settings", { missingPrivileges: ["prvBypassCustomBusinessLogic"] });
  const skipping = await env.another({ bypassLogic: "all" });
  const skipped = env.send(plan, "insert", [aRow("skip", { name: "Other" })], skipping);
  await expect(skipped).rejects.toMatchObject({ code: "SINK_PERMISSION_MISSING" });
  await env.raw.admin("POST", "settings", { missingPrivileges: [], duplicateRules: [] });
});

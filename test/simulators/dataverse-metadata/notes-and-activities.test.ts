import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";

let client: EnvironmentClient;
let account: string;
beforeAll(async () => {
  client = await openEnvironmentClient();
  account = await client.create("accounts", { name: "Owner of notes" });
});
afterAll(() => client.close());

const note = (more: object): object => ({
  subject: "N",
  "objectid_account@odata.bind": `/accounts(${account})`,
  ...more,
});
const codeOf = async (method: string, path: string, body: object): Promise<[number, unknown]> => {
  const reply = await client.call(method, path, body);
  return [reply.status, reply.json?.error.code];
};

test("a note carries a file within the limits of the organization, and no other", async () => {
  const documentbody = Buffer.from("hello").toString("base64");
  const id = await client.create(
    "annotations",
    note({ filename: "a.txt", mimetype: "text/plain", documentbody }),
  );
  const read = (await client.call("GET", `annotations(${id})`)).json;
  expect(read).toMatchObject({
    isdocument: true,
    filesize: 5,
    documentbody,
    objecttypecode: "account",
  });
  await client.admin("POST", "settings", { maxUploadBytes: 4 });
  const organization = await client.call("GET", "organizations?$select=maxuploadfilesize");
  expect(organization.json.value).toMatchObject([{ maxuploadfilesize: 4 }]);
  const refused = (more: object): Promise<[number, unknown]> =>
    codeOf("POST", "annotations", note(more));
  expect(await refused({ filename: "a.txt", documentbody })).toEqual([400, "0x80044a02"]);
  expect(await refused({ filename: "a:b.txt" })).toEqual([400, "0x80044a08"]);
  expect(await refused({ filename: "a.exe" })).toEqual([400, "0x80043e09"]);
  await client.admin("POST", "settings", { maxUploadBytes: 10_000_000 });
});

test("a large file comes in blocks and goes out in blocks, the same bytes", async () => {
  const Target = {
    ...note({ filename: "b.bin" }),
    "@odata.type": "Microsoft.Dynamics.CRM.annotation",
  };
  const begun = await client.call("POST", "InitializeAnnotationBlocksUpload", { Target });
  const { FileContinuationToken } = begun.json;
  const parts = [Buffer.alloc(4_000_000, 1), Buffer.alloc(1_000_000, 2)];
  const ids = ["YQ==", "Yg=="];
  for (const [at, part] of parts.entries()) {
    const block = { BlockId: ids[at], BlockData: part.toString("base64"), FileContinuationToken };
    expect((await client.call("POST", "UploadBlock", block)).status).toBe(204);
  }
  const done = await client.call("POST", "CommitAnnotationBlocksUpload", {
    Target,
    BlockList: ids,
    FileContinuationToken,
  });
  expect(done.json.FileSizeInBytes).toBe(5_000_000);
  const down = await client.call("POST", "InitializeAnnotationBlocksDownload", {
    Target: {
      "@odata.type": "Microsoft.Dynamics.CRM.annotation",
      annotationid: done.json.AnnotationId,
    },
  });
  const last = await client.call("POST", "DownloadBlock", {
    Offset: 3_999_999,
    BlockLength: 2,
    FileContinuationToken: down.json.FileContinuationToken,
  });
  expect(Buffer.from(last.json.Data, "base64")).toEqual(Buffer.from([1, 2]));
});

test("a task is created open, completed with its end, read-only then, and listed among all activities", async () => {
  const id = await client.create("tasks", {
    subject: "Visit",
    statecode: 1,
    "regardingobjectid_account_task@odata.bind": `/accounts(${account})`,
  });
  expect((await client.call("GET", `tasks(${id})`)).json).toMatchObject({
    statecode: 0,
    statuscode: 2,
  });
  const done = { statecode: 1, statuscode: 5, actualend: "2019-05-04T10:00:00Z" };
  expect(await codeOf("PATCH", `tasks(${id})`, done)).toEqual([204, undefined]);
  expect(await codeOf("PATCH", `tasks(${id})`, { subject: "X" })).toEqual([405, "0x80040228"]);
  const pointer = await client.call(
    "GET",
    `activitypointers?$filter=_regardingobjectid_value eq ${account} and statecode eq 1`,
  );
  expect(pointer.json.value).toMatchObject([
    { activityid: id, subject: "Visit", activitytypecode: "task", actualend: done.actualend },
  ]);
  expect((await client.call("POST", "activitypointers", { subject: "X" })).status).toBe(400);
  expect((await client.call("DELETE", `activitypointers(${id})`)).status).toBe(204);
  expect((await client.call("GET", `tasks(${id})`)).status).toBe(404);
});

test("a call, a meeting and an e-mail have their parties; the same list again replaces them", async () => {
  const contact = await client.create("contacts", { firstname: "Ann", lastname: "Lee" });
  const parties = [
    { "partyid_contact@odata.bind": `/contacts(${contact})`, participationtypemask: 2 },
    { addressused: "x@example.com", participationtypemask: 1 },
  ];
  const email = await client.create("emails", {
    subject: "Hi",
    description: "<p>x</p>",
    email_activity_parties: parties,
  });
  await client.create("phonecalls", {
    subject: "Ring",
    phonecall_activity_parties: parties.slice(0, 1),
  });
  await client.call("PATCH", `emails(${email})`, { email_activity_parties: parties });
  const found = await client.call(
    "GET",
    `emails(${email})?$expand=email_activity_parties($select=participationtypemask,partyidname)`,
  );
  const masks = found.json.email_activity_parties.map(
    (one: { participationtypemask: number }) => one.participationtypemask,
  );
  expect(masks.sort()).toEqual([1, 2]);
  expect(JSON.stringify(found.json.email_activity_parties)).toContain("Ann Lee");
  expect(await codeOf("POST", "appointments", { subject: "Meet" })).toEqual([400, "0x80040200"]);
  const times = { scheduledstart: "2020-01-01T11:00:00Z", scheduledend: "2020-01-01T10:00:00Z" };
  expect(await codeOf("POST", "appointments", { subject: "Meet", ...times })).toEqual([
    400,
    "0x80040203",
  ]);
});

test("addresses are rows of their own as well, and names are put together", async () => {
  const id = await client.create("contacts", {
    firstname: "Bo",
    lastname: "Li",
    address1_city: "Ulm",
  });
  await client.call("PATCH", `contacts(${id})`, { lastname: "Lo", address1_line1: "Main 1" });
  const read = await client.call(
    "GET",
    `contacts(${id})?$select=fullname,address1_composite&$expand=Contact_CustomerAddress($select=city,line1)`,
  );
  expect(read.json).toMatchObject({
    fullname: "Bo Lo",
    address1_composite: "Main 1\r\nUlm",
    Contact_CustomerAddress: [{ city: "Ulm", line1: "Main 1" }],
  });
});

test("deleting an account takes its notes, activities and contacts and lets opportunities go", async () => {
  const id = await client.create("accounts", { name: "Going" });
  const bound = `/accounts(${id})`;
  const contact = await client.create("contacts", {
    lastname: "C",
    "parentcustomerid_account@odata.bind": bound,
  });
  const task = await client.create("tasks", { "regardingobjectid_account_task@odata.bind": bound });
  const opportunity = await client.create("opportunities", {
    name: "O",
    "parentaccountid@odata.bind": bound,
  });
  expect((await client.call("DELETE", `accounts(${id})`)).status).toBe(204);
  const statuses = [`contacts(${contact})`, `tasks(${task})`, `activitypointers(${task})`].map(
    async (path) => (await client.call("GET", path)).status,
  );
  expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
  const left = (await client.call("GET", `opportunities(${opportunity})`)).json;
  expect(left._parentaccountid_value).toBeNull();
});

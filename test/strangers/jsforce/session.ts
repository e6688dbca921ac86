import jsforce from "jsforce";

/** Works with an org through jsforce as its users do, and prints what it saw as one line of JSON. */
interface Ready {
  readonly https: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly user: string;
  readonly password: string;
}

const ready = JSON.parse(process.argv[2] ?? "") as Ready;
const facts: Record<string, unknown> = {};
const version = "59.0";
const app = { clientId: ready.client_id, clientSecret: ready.client_secret };

function client(): InstanceType<typeof jsforce.Connection> {
  const redirectUri = "http://127.0.0.1:1/back";
  const oauth2 = { loginUrl: ready.https, redirectUri, ...app };
  return new jsforce.Connection({ version, instanceUrl: ready.https, oauth2 });
}

async function refusal(work: () => PromiseLike<unknown>): Promise<string> {
  return Promise.resolve(work()).then(
    () => "none",
    (error: { errorCode?: string; name?: string; message: string }) =>
      error.errorCode ?? (error.name === "Error" ? error.message : (error.name ?? "")),
  );
}

type Connection = ReturnType<typeof client>;

async function signIn(): Promise<Connection> {
  const byPassword = client();
  await byPassword.login(ready.user, ready.password);
  const bySoap = new jsforce.Connection({ version, loginUrl: ready.https });
  await bySoap.login(ready.user, ready.password);
  const byCredentials = client();
  await byCredentials.authorize({ grant_type: "client_credentials" });
  const byCode = client();
  const page = byCode.oauth2.getAuthorizationUrl({ state: "s" });
  const back = new URL((await fetch(page, { redirect: "manual" })).headers.get("location") ?? "");
  await byCode.authorize(back.searchParams.get("code") ?? "");
  const all = { byPassword, bySoap, byCredentials, byCode };
  facts["signed_in"] = {};
  for (const [name, one] of Object.entries(all)) {
    const { username } = await one.identity();
    Object.assign(facts["signed_in"] as object, { [name]: username });
  }
  facts["refused"] = {
    password: await refusal(() => client().login(ready.user, "no")),
    soap: await refusal(() =>
      new jsforce.Connection({ version, loginUrl: ready.https }).login(ready.user, "no"),
    ),
  };
  await bySoap.logout();
  const ended = { authorization: `Bearer ${byCredentials.accessToken ?? ""}` };
  await byCredentials.logout();
  const url = `${ready.https}/services/data/v${version}/limits`;
  facts["after_logout"] = (await fetch(url, { headers: ended })).status;
  // A dead access token is renewed with the refresh token, unseen by the caller.
  byCode.accessToken = "00D000000000000!dead";
  facts["refreshed"] = (await byCode.query("SELECT Id FROM User LIMIT 1")).totalSize;
  return byCode;
}

async function lookAround(connection: Connection): Promise<void> {
  const all = await connection.describeGlobal();
  const one = await connection.describe("Case");
  const limits = await connection.request<{ DailyApiRequests: { Max: number } }>("/limits");
  facts["describe"] = {
    hasCase: all.sobjects.some(({ name }) => name === "Case"),
    prefix: one.keyPrefix,
    hasComments: one.childRelationships.some(({ childSObject }) => childSObject === "CaseComment"),
  };
  facts["daily"] = limits.DailyApiRequests.Max;
  facts["usage"] = (connection.limitInfo.apiUsage?.limit ?? 0) > 0;
}

async function createFields(connection: Connection): Promise<void> {
  const names = async (): Promise<string[]> =>
    (await connection.describe("Account")).fields.map(({ name }) => name);
  const key = {
    fullName: "Account.Js_Key__c",
    label: "Js Key",
    type: "Text" as const,
    length: 40,
    externalId: true,
    unique: true,
  };
  const made = await connection.metadata.upsert("CustomField", [key]);
  const again = await connection.metadata.create("CustomField", key);
  const hidden = (await names()).includes("Js_Key__c");
  const grant = { field: "Account.Js_Key__c", editable: true, readable: true };
  const set = { fullName: "Js_Set", label: "Js Set", fieldPermissions: [grant] };
  const permissions = await connection.metadata.upsert("PermissionSet", set);
  const [row] = (await connection.query("SELECT Id FROM PermissionSet WHERE Name = 'Js_Set'"))
    .records;
  const AssigneeId = connection.userInfo?.id ?? "";
  await connection
    .sobject("PermissionSetAssignment")
    .create({ AssigneeId, PermissionSetId: row?.Id ?? "" });
  const read = await connection.metadata.read("CustomField", ["Account.Js_Key__c"]);
  const listed = await connection.metadata.list([{ type: "CustomField" }], version);
  facts["created_field"] = {
    made: made.map(({ created, success }) => [created, success]),
    again: [again].flat().map(({ errors }) => errors[0]?.statusCode),
    hidden,
    set: [permissions].flat().map(({ created, success }) => [created, success]),
    granted: (await names()).includes("Js_Key__c"),
    read: read.map(({ fullName, length, externalId }) => [fullName, length, externalId]),
    listed: listed.some(({ fullName }) => fullName === "Account.Js_Key__c"),
  };
}

async function rows(connection: Connection): Promise<void> {
  const accounts = connection.sobject("Account");
  const batch = Array.from({ length: 150 }, (_, at) => ({
    Name: `Row ${at}`,
    Js_Key__c: `r${at}`,
  }));
  const made = await accounts.create(batch);
  const mixed = await accounts.upsert(
    [{ Name: "A", Js_Key__c: "r1" }, { Js_Key__c: "r999" }],
    "Js_Key__c",
  );
  const one = await accounts.retrieve(made[0]?.id ?? "");
  const gone = await accounts.destroy(made.slice(0, 2).map(({ id }) => id ?? ""));
  facts["rows"] = {
    made: made.filter(({ success }) => success).length,
    mixed: mixed.map(({ success, errors }) => (success ? "ok" : codeOf(errors))),
    name: one["Name"],
    gone: gone.map(({ success }) => success),
    unknown: await refusal(() => accounts.create({ Name: "A", Nope__c: 1 })),
    missing: await refusal(() => accounts.create({ Phone: "1" })),
    query: await refusal(() => connection.query("SELECT Nope FROM Account")),
  };
}

/** jsforce leaves the rows of a collection as they came, whatever its types say. */
function codeOf(errors: readonly object[]): unknown {
  const [first] = errors;
  return first !== undefined && "statusCode" in first ? first.statusCode : undefined;
}

async function bulk(connection: Connection): Promise<void> {
  const { bulk2 } = connection;
  bulk2.pollInterval = 200;
  const many = Array.from({ length: 2_500 }, (_, at) => ({
    Name: `Bulk ${at}`,
    Js_Key__c: `k${at}`,
  }));
  const load = (input: object[]): ReturnType<typeof bulk2.loadAndWaitForResults> =>
    bulk2.loadAndWaitForResults({ object: "Account", operation: "insert", input });
  const whole = await load(many);
  const partial = await load([
    { Name: "Again", Js_Key__c: "k1" },
    { Name: "New", Js_Key__c: "n" },
  ]);
  const job = bulk2.createJob({ object: "Account", operation: "insert" });
  await job.open();
  await job.uploadData("Name,Nope__c\nA,1\n");
  await job.close();
  const failed = await refusal(() => job.poll(200, 10_000));
  const source = await bulk2.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk 1%'");
  const found = await source.toArray();
  const paged = await connection
    .query("SELECT Id FROM Account WHERE Name LIKE 'Bulk %'")
    .run({ autoFetch: true, maxFetch: 10_000 });
  facts["bulk"] = {
    whole: [whole.successfulResults.length, whole.failedResults.length],
    partial: [partial.successfulResults.length, partial.failedResults.map((row) => row.sf__Error)],
    failed,
    query: found.length,
    paged: paged.records.length,
  };
}

async function files(connection: Connection): Promise<void> {
  const bytes = Buffer.from(Array.from({ length: 10_240 }, (_, at) => at % 256));
  const made = await connection.sobject("ContentVersion").create({
    Title: "bytes",
    PathOnClient: "bytes.bin",
    VersionData: bytes.toString("base64"),
  });
  const blob = connection
    .sobject("ContentVersion")
    .record(made.id ?? "")
    .blob("VersionData");
  const back = Buffer.concat((await blob.toArray()) as Buffer[]);
  const [row] = (
    await connection.query(
      `SELECT ContentSize, Checksum FROM ContentVersion WHERE Id = '${made.id ?? ""}'`,
    )
  ).records;
  facts["file"] = { size: row?.["ContentSize"], same: back.equals(bytes) };
}

const connection = await signIn();
for (const step of [lookAround, createFields, rows, bulk, files]) await step(connection);
process.stdout.write(`${JSON.stringify(facts)}\n`);

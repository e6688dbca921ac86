import { createRequire } from "node:module";
import { join } from "node:path";

/** Works with an environment through dynamics-web-api as its users do, and prints what it saw as one line of JSON. */
interface Ready {
  readonly https: string;
  readonly tenant: string;
  readonly client_id: string;
  readonly client_secret: string;
}

type Reply = Record<string, unknown> & { value: Record<string, unknown>[] };
type Call = (request: object) => Promise<Reply>;
type Api = Readonly<Record<string, Call>>;

const ready = JSON.parse(process.argv[2] ?? "") as Ready;
const facts: Record<string, unknown> = {};
// The library lives in the cache, beside nothing of the project.
const library = createRequire(join(process.argv[3] ?? "", "here.js"));
const { DynamicsWebApi } = library("dynamics-web-api") as {
  DynamicsWebApi: new (config: object) => Api & { startBatch(): void };
};
let token = "";

async function signIn(secret: string): Promise<string> {
  const form = {
    grant_type: "client_credentials",
    client_id: ready.client_id,
    client_secret: secret,
    scope: `${ready.https}/.default`,
  };
  const url = `${ready.https}/${ready.tenant}/oauth2/v2.0/token`;
  const reply = await fetch(url, { method: "POST", body: new URLSearchParams(form) });
  const json = (await reply.json()) as { access_token?: string; error?: string };
  token = json.access_token ?? token;
  return json.error ?? "";
}

const api = new DynamicsWebApi({
  serverUrl: `${ready.https}/`,
  dataApi: { version: "9.2" },
  onTokenRefresh: () => Promise.resolve(token),
});

function call(name: string, request: object = {}): Promise<Reply> {
  const method = api[name];
  if (method === undefined) throw new Error(`The library has no ${name}.`);
  return method(request);
}

async function refusal(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return "none";
  } catch (error) {
    const { status, code, message } = error as { status?: number; code?: string; message: string };
    return status === undefined ? message : [status, code];
  }
}

async function meet(): Promise<void> {
  const wrong = await signIn("no");
  await signIn(ready.client_secret);
  const who = await call("callFunction", { name: "WhoAmI" });
  facts["signed_in"] = { wrong, user: typeof who["UserId"] };
}

const collection = "accounts";

async function rows(): Promise<void> {
  const key = String(await call("create", { collection, data: { name: "Ünï & <Co>" } }));
  await call("update", { collection, key, data: { telephone1: "1" } });
  await call("updateSingleProperty", { collection, key, fieldValuePair: { fax: "2" } });
  const read = await call("retrieve", { collection, key, select: ["name", "telephone1", "fax"] });
  const made = { returnRepresentation: true, select: ["name"], collection };
  const upserted = await call("upsert", {
    ...made,
    key: crypto.randomUUID(),
    data: { name: "Up" },
  });
  await call("deleteRecord", { collection, key });
  facts["rows"] = {
    read: [read["name"], read["telephone1"], read["fax"]],
    upserted: upserted["name"],
    gone: await refusal(() => call("retrieve", { collection, key })),
    unknown: await refusal(() => call("create", { collection, data: { nope: 1 } })),
    // It tells a refused condition by a value, not by an error.
    stale: await call("update", {
      collection,
      key: upserted["accountid"],
      data: {},
      ifmatch: 'W/"1"',
    }),
  };
}

async function bulk(): Promise<void> {
  const Targets = Array.from({ length: 120 }, (_each, at) => ({
    "@odata.type": "Microsoft.Dynamics.CRM.contact",
    lastname: `L${at}`,
    jobtitle: "T",
  }));
  const action = { collection: "contacts", actionName: "Microsoft.Dynamics.CRM.CreateMultiple" };
  const made = await call("callAction", { ...action, action: { Targets } });
  const query = { collection: "contacts", select: ["lastname"], filter: "jobtitle eq 'T'" };
  const all = await call("retrieveAll", { ...query, maxPageSize: 50 });
  const bad = [
    { ...Targets[0], jobtitle: "Bad" },
    { ...Targets[1], lastname: "x".repeat(51) },
  ];
  facts["bulk"] = {
    made: (made["Ids"] as string[]).length,
    paged: all.value.length,
    counted: await call("count", { collection: "contacts", filter: "jobtitle eq 'T'" }),
    whole_or_none: await refusal(() => call("callAction", { ...action, action: { Targets: bad } })),
    none_of_it: await call("count", { collection: "contacts", filter: "jobtitle eq 'Bad'" }),
  };
}

function label(text: string): object {
  return { LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] };
}

function column(type: string, SchemaName: string, more: object = {}): object {
  const named = { SchemaName, DisplayName: label(SchemaName), RequiredLevel: { Value: "None" } };
  return { "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`, ...named, ...more };
}

async function metadata(): Promise<void> {
  const name = column("String", "new_Name", { MaxLength: 100, IsPrimaryName: true });
  const table = String(
    await call("createEntity", {
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
        SchemaName: "new_Parcel",
        DisplayName: label("Parcel"),
        DisplayCollectionName: label("Parcels"),
        OwnershipType: "UserOwned",
        HasNotes: true,
        HasActivities: false,
        Attributes: [name],
      },
    }),
  );
  const at = { entityKey: table };
  const code = String(
    await call("createAttribute", { ...at, data: column("String", "new_Code", { MaxLength: 40 }) }),
  );
  const castType = "Microsoft.Dynamics.CRM.StringAttributeMetadata";
  const read = await call("retrieveAttribute", { ...at, attributeKey: code, castType });
  const data = { ...read, "@odata.type": castType, MaxLength: 60 };
  await call("updateAttribute", { ...at, castType, data, mergeLabels: true });
  await call("createRelationship", {
    data: {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: "new_account_parcels",
      ReferencedEntity: "account",
      ReferencingEntity: "new_parcel",
      Lookup: column("Lookup", "new_Account"),
    },
  });
  const Options = [{ Value: 1, Label: label("North") }];
  const choice = { Name: "new_zone", IsGlobal: true, OptionSetType: "Picklist", Options };
  const zone = "Microsoft.Dynamics.CRM.OptionSetMetadata";
  await call("createGlobalOptionSet", { data: { "@odata.type": zone, ...choice } });
  const found = await call("retrieveGlobalOptionSet", { key: "Name='new_zone'" });
  const entity = await call("retrieveEntity", {
    key: "LogicalName='new_parcel'",
    select: ["EntitySetName"],
  });
  const columns = await call("retrieveAttributes", {
    ...at,
    select: ["LogicalName", "MaxLength"],
    castType,
  });
  facts["metadata"] = {
    set: entity["EntitySetName"],
    longer: columns.value.find((one) => one["LogicalName"] === "new_code")?.["MaxLength"],
    choice: (found["Options"] as unknown[]).length,
    twice: await refusal(() =>
      call("createAttribute", { ...at, data: column("String", "new_Code") }),
    ),
  };
}

async function keyed(): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = `${ready.https}/api/data/v9.2/EntityDefinitions(LogicalName='new_parcel')/Keys`;
  // The library knows no keys; they are made by hand.
  const body = JSON.stringify({ SchemaName: "new_code_key", KeyAttributes: ["new_code"] });
  await fetch(url, { method: "POST", headers, body });
  const parcels = { collection: "new_parcels" };
  const key = "new_code='A''1'";
  for (const new_name of ["first", "second"])
    await call("upsert", { ...parcels, key, data: { new_name } });
  const read = await call("retrieve", { ...parcels, key, select: ["new_name"] });
  const none = "new_code='none'";
  facts["keyed"] = {
    read: read["new_name"],
    none: await refusal(() => call("retrieve", { ...parcels, key: none })),
    update_only: await refusal(() =>
      call("update", { ...parcels, key: none, data: { new_name: "x" }, ifmatch: "*" }),
    ),
  };
}

function refused(one: unknown): unknown {
  return (one as { error?: { code?: string } }).error?.code;
}

async function batch(names: readonly string[], options: object = {}): Promise<unknown> {
  api.startBatch();
  for (const name of names) void call("create", { collection, data: { name }, ...options });
  try {
    const done = (await call("executeBatch", { continueOnError: true })) as unknown as unknown[];
    return done.map((one) => (typeof one === "string" ? "made" : refused(one)));
  } catch (error) {
    return (error as unknown[]).map(refused);
  }
}

async function batches(): Promise<void> {
  const long = "x".repeat(161);
  facts["batches"] = {
    good: await batch(["B1", "B2"]),
    set: await batch(["C1", long, "C2"]),
    alone: await batch(["D1", long, "D2"], { inChangeSet: false }),
  };
  const found = async (letter: string): Promise<unknown> =>
    call("count", { collection, filter: `startswith(name,'${letter}')` });
  facts["left"] = [await found("B"), await found("C"), await found("D")];
}

async function notes(): Promise<void> {
  const account = String(await call("create", { collection, data: { name: "Noted" } }));
  const bytes = Buffer.from(Array.from({ length: 10_240 }, (_each, at) => at % 256));
  const data = {
    subject: "F",
    filename: "f.bin",
    documentbody: bytes.toString("base64"),
    "objectid_account@odata.bind": `/accounts(${account})`,
  };
  const key = String(await call("create", { collection: "annotations", data }));
  const read = await call("retrieve", {
    collection: "annotations",
    key,
    select: ["documentbody", "filesize"],
  });
  const same = Buffer.from(String(read["documentbody"]), "base64").equals(bytes);
  facts["notes"] = { size: read["filesize"], same };
}

async function files(): Promise<void> {
  const at = { entityKey: "LogicalName='new_parcel'" };
  await call("createAttribute", { ...at, data: column("File", "new_Plan") });
  const parcels = { collection: "new_parcels", fieldName: "new_plan", property: "new_plan" };
  const key = String(
    await call("create", { collection: "new_parcels", data: { new_name: "filed" } }),
  );
  const data = new Uint8Array(5_000_000).map((_each, at) => at % 251);
  await call("uploadFile", { ...parcels, key, data, fileName: "plan.bin" });
  const read = await call("downloadFile", { ...parcels, key });
  const same = Buffer.from(read["data"] as Uint8Array).equals(Buffer.from(data));
  facts["files"] = { name: read["fileName"], size: read["fileSize"], same };
}

for (const work of [meet, rows, bulk, metadata, keyed, batches, notes, files]) await work();
process.stdout.write(`${JSON.stringify(facts)}\n`);

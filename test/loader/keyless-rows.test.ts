import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { aFile, aJob, aLink, aNote, gone, KeylessWorld } from "./keyless-world.ts";
import type { RunningLoader } from "./migration-world.ts";

const world = new KeylessWorld();
let loader: RunningLoader;
let [crew, tech] = ["", ""];
const settled = () => expect.poll(() => world.passed()).toBe(true);
const idsOf = async (name: string) => {
  const identity = (await world.identities()).get(name);
  return [identity?.destination_id, ...(identity?.more_ids ?? [])];
};
const parkedFor = (id: string) => expect.poll(async () => (await world.parked()).get(id));

beforeAll(async () => {
  await world.open();
  await world.say(aJob("job-1"), aJob("job-2"), {
    object: "Account",
    key: "customer-1",
    fields: { Name: "c" },
  });
  const users = ["crew", "tech"].map((name) => ({ email: `${name}@cutover.example`, name }));
  const { ids } = await world.org.admin<{ ids: string[] }>("POST", "users", { users });
  [crew, tech] = ids as [string, string];
  const owners = { "technician-1": crew, "technician-8": tech, "technician-9": tech };
  await world.owners(2, owners, crew);
  loader = await world.start();
});
afterAll(async () => {
  await loader.stop();
  await world.close();
  await closeWatermarks();
});

test("a note's parts are created, changed in place, added, taken away, moved to another job and deleted", async () => {
  await world.say(aNote("note-1", "job-1", "one", "two", "three"));
  await settled();
  expect(await world.held("CaseComment")).toEqual(["job-1: one", "job-1: three", "job-1: two"]);
  const first = await idsOf("CaseComment|note-1");
  expect(new Set(first).size).toBe(3);
  await world.say(aNote("note-1", "job-1", "one", "2"));
  await settled();
  expect(await idsOf("CaseComment|note-1")).toEqual(first.slice(0, 2));
  await world.say(aNote("note-1", "job-1", "one", "2", "3", "4"));
  await settled();
  expect(await world.held("CaseComment")).toEqual([
    "job-1: 2",
    "job-1: 3",
    "job-1: 4",
    "job-1: one",
  ]);
  expect((await idsOf("CaseComment|note-1")).slice(0, 2)).toEqual(first.slice(0, 2));
  await world.say(aNote("note-1", "job-2", "one", "2"));
  await settled();
  expect(await world.held("CaseComment")).toEqual(["job-2: 2", "job-2: one"]);
  await world.say(aNote("note-1", "job-2"));
  await settled();
  expect(await world.held("CaseComment")).toEqual([]);
  expect(await world.outcomesOf("CaseComment", "note-1")).toEqual([
    "created",
    "updated",
    "updated",
    "updated",
    "deleted",
  ]);
});

test("many equal notes by bulk are as many comments, each with an id of its own; one more goes by a small call", async () => {
  const notes = Array.from({ length: 80 }, (_, n) =>
    aNote(`note-b${n}`, "job-1", "same", `p${n % 3}`),
  );
  await world.say(...notes);
  await settled();
  await world.say(aNote("note-b80", "job-1", "same"));
  await settled();
  const identities = [...(await world.identities()).values()].filter(({ key }) =>
    key.startsWith("note-b"),
  );
  const ids = identities.flatMap((each) => [each.destination_id, ...each.more_ids]);
  expect(new Set(ids).size).toBe(161);
  expect((await world.held("CaseComment")).filter((each) => each === "job-1: same")).toHaveLength(
    81,
  );
  await world.say(...notes.map(({ key }) => gone("CaseComment", key)));
  await settled();
  expect(await world.held("CaseComment")).toEqual(["job-1: same"]);
  await world.say(gone("CaseComment", "note-b80"));
  await settled();
});

test("a file is a document: new bytes are its next version, a new title none, and its links follow", async () => {
  await world.say(
    aFile("attachment-1", world.file("first")),
    aLink("attachment-1", "attachment-1", "job-1"),
  );
  await settled();
  const [made] = await world.versions();
  expect(made).toMatchObject({ Source_Key__c: "attachment-1", VersionNumber: "1", ContentSize: 5 });
  expect(await idsOf("ContentVersion|attachment-1")).toEqual([made?.["ContentDocumentId"]]);
  expect(await world.held("ContentDocumentLink")).toEqual(["attachment-1 on job-1"]);
  await world.say(aFile("attachment-1", world.file("first"), "another title"));
  await settled();
  expect(await world.versions()).toMatchObject([{ VersionNumber: "1", Title: "another title" }]);
  await world.say(aFile("attachment-1", world.file("second"), "third title"));
  await settled();
  const [second, ...more] = await world.versions();
  expect(more).toEqual([]);
  expect(second).toMatchObject({
    ContentDocumentId: made?.["ContentDocumentId"],
    Source_Key__c: "attachment-1",
    VersionNumber: "2",
    Title: "third title",
    Checksum: createHash("md5").update("second").digest("hex"),
  });
  await world.say(aLink("attachment-1", "attachment-1", "customer-1"));
  await settled();
  expect(await world.held("ContentDocumentLink")).toEqual(["attachment-1 on customer-1"]);
  await world.say(gone("ContentVersion", "attachment-1"));
  await parkedFor("ContentVersion|attachment-1").toBe("still_referenced");
  await world.say(gone("ContentDocumentLink", "attachment-1"));
  await parkedFor("ContentVersion|attachment-1").toBe(undefined);
  expect(await world.versions()).toEqual([]);
});

test("large files are streamed, small ones go together, text is a file of its own, and a missing blob is refused", async () => {
  const large = Buffer.alloc(3 * 1024 * 1024, "x");
  await world.say(
    aFile("attachment-large", world.file(large)),
    aFile("attachment-text", "text:Wie schön"),
    aFile("attachment-small", world.file("small")),
    aFile("attachment-lost", `sha256:${"0".repeat(64)}:5`),
  );
  await settled();
  const versions = new Map((await world.versions()).map((row) => [row["Source_Key__c"], row]));
  expect(versions.get("attachment-large")).toMatchObject({
    ContentSize: large.length,
    Checksum: createHash("md5").update(large).digest("hex"),
  });
  expect(versions.get("attachment-text")).toMatchObject({ ContentSize: 10 });
  expect(versions.has("attachment-small")).toBe(true);
  expect(await world.outcomesOf("ContentVersion", "attachment-lost")).toEqual(["refused"]);
});

test("a team member is a pair: the role is named, a second key of the pair waits, an unknown role is refused", async () => {
  const member = (key: string, MemberId: string | null, TeamRoleId: string) => ({
    object: "CaseTeamMember",
    key,
    fields: { ParentId: "job-1", MemberId, TeamRoleId },
  });
  await world.say(member("assignment-1", "technician-1", "Nobody's"));
  await settled();
  expect(await world.outcomesOf("CaseTeamMember", "assignment-1")).toEqual(["refused"]);
  await world.org.rest("POST", "sobjects/CaseTeamRole", {
    Name: "Primary",
    AccessLevel: "Edit",
    PreferencesVisibleInCSP: false,
  });
  await world.say(
    member("assignment-1", "technician-1", "Primary"),
    member("assignment-2", "technician-2", "Primary"),
  );
  await parkedFor("CaseTeamMember|assignment-2").toBe("owner_unresolved");
  await settled();
  const members = () => world.org.query("SELECT MemberId, TeamRole.Name FROM CaseTeamMember");
  expect(await members()).toMatchObject([{ MemberId: crew, TeamRole: { Name: "Primary" } }]);
  await world.say(member("assignment-3", "technician-1", "Primary"));
  await parkedFor("CaseTeamMember|assignment-3").toBe("ambiguous");
  expect(await members()).toHaveLength(1);
});

test("a user is claimed by one technician, kept as it was before, and released when the technician goes", async () => {
  const technician = (key: string, Skills__c: string) => ({
    object: "User",
    key,
    fields: { Skills__c },
  });
  await world.say(technician("technician-7", "none"), technician("technician-8", "welding"));
  await settled();
  await world.say(technician("technician-9", "wiring"));
  await parkedFor("User|technician-9").toBe("ambiguous");
  const skills = async () =>
    (await world.org.query(`SELECT Source_Key__c, Skills__c FROM User WHERE Id = '${tech}'`))[0];
  expect(await skills()).toMatchObject({ Source_Key__c: "technician-8", Skills__c: "welding" });
  expect(await world.outcomesOf("User", "technician-7")).toEqual(["unchanged: no_user"]);
  await world.say(gone("User", "technician-8"));
  await settled();
  expect(await skills()).toMatchObject({ Source_Key__c: null });
  expect(await world.outcomesOf("User", "technician-8")).toEqual(["updated", "deleted: released"]);
  await world.owners(3, { "technician-9": tech }, crew);
  await parkedFor("User|technician-9").toBe(undefined);
  expect(await skills()).toMatchObject({ Source_Key__c: "technician-9", Skills__c: "wiring" });
});

test("a technician nobody stood for is ordered again once the confirmed owners name a user, and once only", async () => {
  const technician = (Skills__c: string) => {
    return { object: "User", key: "technician-7", fields: { Skills__c } };
  };
  const orders = () => expect.poll(() => world.orders());
  await world.owners(4, { "technician-7": crew, "technician-9": tech }, crew);
  const order = { entity: "technician", ids: ["technician-7"], repair: false };
  await orders().toMatchObject({ "owners-4-User-technician": order });
  await loader.stop();
  loader = await world.start();
  await world.say(technician("none"));
  await settled();
  expect(await world.outcomesOf("User", "technician-7")).toEqual(["unchanged: no_user", "updated"]);
  const user = await world.org.query(`SELECT Source_Key__c FROM User WHERE Id = '${crew}'`);
  expect(user).toMatchObject([{ Source_Key__c: "technician-7" }]);
  await world.owners(5, { "technician-7": crew, "technician-9": tech, extra: tech }, crew);
  await world.say(technician("more"));
  await settled();
  expect(Object.keys(await world.orders())).toEqual(["owners-4-User-technician"]);
});

test("a relation changes its roles in place; where it changes its account another row of its key comes", async () => {
  const of = (object: string, key: string, fields: object) => ({
    object,
    key,
    fields: { ...fields },
  });
  const relation = (AccountId: string, Roles: string) =>
    of("AccountContactRelation", "contact_link-1", { ContactId: "contact-1", AccountId, Roles });
  await world.say(
    of("Account", "customer-2", { Name: "d" }),
    of("Contact", "contact-1", { LastName: "l" }),
    relation("customer-1", "Decision Maker"),
  );
  await settled();
  const [made] = await idsOf("AccountContactRelation|contact_link-1");
  await world.say(relation("customer-1", "Evaluator"));
  await settled();
  expect(await idsOf("AccountContactRelation|contact_link-1")).toEqual([made]);
  await world.say(relation("customer-2", "Evaluator"));
  await settled();
  const rows = await world.org.query(
    "SELECT Id, Account.Source_Key__c, Roles FROM AccountContactRelation WHERE Source_Key__c != null",
  );
  expect(rows).toMatchObject([{ Account: { Source_Key__c: "customer-2" }, Roles: "Evaluator" }]);
  expect(await idsOf("AccountContactRelation|contact_link-1")).toEqual([rows[0]?.["Id"]]);
});

test("a reply cut off behind the commit doubles no comment, no link and no file", async () => {
  await world.org.admin("POST", "faults", {
    rules: [
      { match: { method: "POST", path: "/composite", count: 3 }, action: { kind: "drop_after" } },
    ],
  });
  await world.say(
    aNote("note-d1", "job-2", "same", "same"),
    aNote("note-d2", "job-2", "same"),
    aFile("attachment-d", world.file("dropped")),
    aLink("attachment-d", "attachment-small", "job-2"),
  );
  await settled();
  await world.org.admin("DELETE", "faults");
  expect(await world.held("CaseComment")).toEqual(["job-2: same", "job-2: same", "job-2: same"]);
  expect(await world.held("ContentDocumentLink")).toEqual(["attachment-small on job-2"]);
  expect(await world.outcomesOf("CaseComment", "note-d1")).toEqual(["created: confirmed_late"]);
  expect(await world.outcomesOf("ContentVersion", "attachment-d")).toEqual([
    "created: confirmed_late",
  ]);
});

test("in all of this no version of a record has ended twice", async () => {
  const ended = new Map<string, number>();
  for (const { object, key, version } of await world.outcomes()) {
    const name = `${object}|${key}|${version.offset}`;
    ended.set(name, (ended.get(name) ?? 0) + 1);
  }
  expect([...ended].filter(([, count]) => count !== 1)).toEqual([]);
});

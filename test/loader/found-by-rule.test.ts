import { mkdirSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Preimage } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { preimageTopic } from "../../topics/index.ts";
import { DynamicsWorld } from "./dynamics-world.ts";
import { exitOf } from "./killed.ts";
import type { RunningLoader } from "./migration-world.ts";

const world = new DynamicsWorld();
let loader: RunningLoader;
const settled = () => expect.poll(() => world.passed()).toBe(true);
const person = (key: string, lastname: string, emailaddress1: string | null) => ({
  object: "contact",
  key,
  fields: { lastname, emailaddress1, qd_sourcesystemid: key },
});
const parkedFor = (key: string) =>
  expect.poll(async () => (await world.parked()).get(`contact|${key}`));
/** Contacts with an address, whatever its case, by name. */
async function named(address: string) {
  const rows = await world.org.rows("contact");
  const same = rows.filter(({ emailaddress1 }) => String(emailaddress1).toLowerCase() === address);
  return same
    .map(
      ({ lastname, qd_sourcekey }) => `${String(lastname)}: ${String(qd_sourcekey ?? "nobody's")}`,
    )
    .sort();
}

beforeAll(async () => {
  await world.open();
  loader = await world.start();
});
afterAll(async () => {
  await loader.stop();
  await world.close();
  await closeWatermarks();
});

async function preimagesOf(id: string): Promise<readonly Preimage[]> {
  const codecs = openCodecs(world.connection);
  const found: Preimage[] = [];
  await readToEnd(world.connection, [preimageTopic(world.migration).name], async (record) => {
    const preimage = await codecs.decode<Preimage>(record.value as Buffer);
    if (preimage.destination_id === id) found.push(preimage);
  });
  return found;
}

test("a contact that is there is taken over behind its pre-image, others are created", async () => {
  const there = { lastname: "Before", emailaddress1: "Anna@x.example" };
  const id = await world.org.raw.create("contacts", there);
  await world.say(
    person("contact-1", "Anna", "anna@x.example"),
    person("contact-2", "New", "new@x.example"),
    person("contact-3", "Without", null),
  );
  await settled();
  expect(await named("anna@x.example")).toEqual(["Anna: contact-1"]);
  expect(await world.outcomesOf("contact", "contact-1")).toEqual(["updated"]);
  expect(await world.outcomesOf("contact", "contact-2")).toEqual(["created"]);
  expect(await world.outcomesOf("contact", "contact-3")).toEqual(["created"]);
  const kept = await preimagesOf(id);
  expect(kept.map(({ final }) => final)).toEqual([false, true]);
  expect(kept.at(-1)?.fields).toMatchObject({ lastname: "Before", qd_sourcekey: null });
  expect((await world.identities()).get("contact|contact-1")).toMatchObject({
    destination_id: id,
    origin: "found",
    preimage: true,
  });
});

test("of claimants at once one takes the row over and the others wait", async () => {
  await world.org.raw.create("contacts", { lastname: "Before", emailaddress1: "gil@x.example" });
  const keys = ["contact-51", "contact-52", "contact-53"];
  await world.say(...keys.map((key) => person(key, "Gil", "gil@x.example")));
  await settled();
  const parked = await world.parked();
  const waiting = keys.filter((key) => parked.get(`contact|${key}`) === "ambiguous");
  expect(waiting).toHaveLength(2);
  const [first] = keys.filter((key) => !waiting.includes(key));
  expect(await named("gil@x.example")).toEqual([`Gil: ${first}`]);
});

test("a second claimant waits although the row carries the first one's key, also for a loader begun anew", async () => {
  await world.org.raw.create("contacts", { lastname: "Before", emailaddress1: "ben@x.example" });
  await world.say(person("contact-11", "Ben", "ben@x.example"));
  await settled();
  await world.say(person("contact-12", "Benno", "BEN@x.example"));
  await parkedFor("contact-12").toBe("ambiguous");
  await loader.stop();
  rmSync(world.stateFolder, { recursive: true });
  mkdirSync(world.stateFolder);
  loader = await world.start();
  await world.say(person("contact-13", "Benedict", "bén@x.example"));
  await parkedFor("contact-13").toBe("ambiguous");
  await settled();
  expect(await named("ben@x.example")).toEqual(["Ben: contact-11"]);
});

test("a deleted contact that was there is released, not deleted, and who waited for it takes it over", async () => {
  await world.say(person("contact-21", "Carl", "carl@x.example"));
  await settled();
  await world.org.raw.create("contacts", { lastname: "Before", emailaddress1: "dora@x.example" });
  await world.say(person("contact-22", "Dora", "dora@x.example"));
  await settled();
  await world.say(person("contact-23", "Doris", "dora@x.example"));
  await parkedFor("contact-23").toBe("ambiguous");
  await world.say(
    { object: "contact", key: "contact-22", fields: null },
    { object: "contact", key: "contact-21", fields: null },
  );
  await parkedFor("contact-23").toBe(undefined);
  expect(await world.outcomesOf("contact", "contact-22")).toEqual(["updated", "deleted: released"]);
  expect(await world.outcomesOf("contact", "contact-23")).toEqual(["updated"]);
  expect(await named("dora@x.example")).toEqual(["Doris: contact-23"]);
  await world.say({ object: "contact", key: "contact-23", fields: null });
  await settled();
  expect(await named("dora@x.example")).toEqual(["Doris: nobody's"]);
  const [released] = (await world.org.rows("contact")).filter(
    ({ lastname }) => lastname === "Doris",
  );
  expect(released?.["qd_sourcesystemid"] ?? null).toBe(null);
  // One of ours goes as it came.
  await settled();
  expect(await named("carl@x.example")).toEqual([]);
});

test("where several are there nobody is taken over, until only one is", async () => {
  const there = { lastname: "Twin", emailaddress1: "eva@x.example" };
  await world.org.raw.create("contacts", there);
  const second = await world.org.raw.create("contacts", { ...there, lastname: "Other" });
  await world.say(person("contact-31", "Eva", "eva@x.example"));
  await parkedFor("contact-31").toBe("ambiguous");
  expect(await named("eva@x.example")).toEqual(["Other: nobody's", "Twin: nobody's"]);
  await world.org.raw.call("DELETE", `contacts(${second})`);
  await world.control.say("retry_parked", "loader", { request: "r1" }, "test");
  await parkedFor("contact-31").toBe(undefined);
  expect(await named("eva@x.example")).toEqual(["Eva: contact-31"]);
});

test("killed between claim and write, and behind the write, what is there is taken over once, its first state kept", async () => {
  await loader.stop();
  const ids: string[] = [];
  for (const [n, fault] of ["loader.request_committed:kill@1", "loader.sent:kill@1"].entries()) {
    const address = `fritz${n}@x.example`;
    const there = { lastname: "Before", emailaddress1: address };
    ids.push(await world.org.raw.create("contacts", there));
    await world.say(person(`contact-4${n}`, "Fritz", address));
    expect(await exitOf(world.spawn(fault)), fault).toBe("SIGKILL");
  }
  loader = await world.start();
  await settled();
  for (const [n, id] of ids.entries()) {
    expect(await named(`fritz${n}@x.example`)).toEqual([`Fritz: contact-4${n}`]);
    expect(await world.outcomesOf("contact", `contact-4${n}`)).toEqual(["updated"]);
    const kept = (await preimagesOf(id)).at(-1);
    expect(kept).toMatchObject({ final: true, fields: { lastname: "Before" } });
  }
});

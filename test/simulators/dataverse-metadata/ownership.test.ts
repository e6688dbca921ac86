import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

async function addUser(order: object): Promise<string> {
  const made = await client.admin("POST", "users", { users: [order] });
  const [user] = made.json.users ?? made.json;
  return user.id;
}
const ownedBy = async (id: string, set = "systemusers"): Promise<[number, unknown]> => {
  const reply = await client.call("POST", "tasks", {
    subject: "T",
    "ownerid@odata.bind": `/${set}(${id})`,
  });
  return [reply.status, reply.json?.error.code];
};

test("a user with a role owns rows; a disabled one and one without a role do not, each with its own code", async () => {
  expect(await ownedBy(await addUser({ email: "ok@example.com" }))).toEqual([204, undefined]);
  const disabled = await addUser({ email: "gone@example.com", active: false });
  expect(await ownedBy(disabled)).toEqual([403, "0x80040225"]);
  const bare = await addUser({ email: "bare@example.com", roles: false });
  expect(await ownedBy(bare)).toEqual([403, "0x80042f09"]);
  expect(await ownedBy("11111111-1111-4111-8111-111111111111")).toEqual([404, "0x80040217"]);
  const other = { subject: "T", "createdby@odata.bind": `/systemusers(${disabled})` };
  expect((await client.call("POST", "tasks", other)).status).not.toBe(403);
});

test("a fault plan disables a user just before the request it strikes, and for good", async () => {
  const leaver = await addUser({ email: "leaver@example.com" });
  const action = { kind: "disable_user", email: "leaver@example.com" };
  await client.admin("POST", "faults", {
    rules: [{ match: { on: "POST .*/tasks", nth: 2 }, action }],
  });
  expect(await ownedBy(leaver)).toEqual([204, undefined]);
  expect(await ownedBy(leaver)).toEqual([403, "0x80040225"]);
  expect(await ownedBy(leaver)).toEqual([403, "0x80040225"]);
  await client.admin("DELETE", "faults");
});

test("a role that cannot read the table makes no owner of its rows", async () => {
  const role = await client.create("roles", { name: "Blind", missingprivileges: "prvReadTask" });
  const user = await addUser({ email: "blind@example.com", roles: false });
  const target = { "@odata.id": `${client.ready.http}/api/data/v9.2/roles(${role})` };
  await client.call("POST", `systemusers(${user})/systemuserroles_association/$ref`, target);
  expect(await ownedBy(user)).toEqual([403, "0x80040220"]);
});

test("a team owns rows with a role, its own code says when it has none, and reads tell user from team", async () => {
  const unit = (await client.call("GET", "WhoAmI")).json.BusinessUnitId;
  const team = await client.create("teams", {
    name: "Field",
    "businessunitid@odata.bind": `/businessunits(${unit})`,
  });
  expect(await ownedBy(team, "teams")).toEqual([403, "0x80042f0a"]);
  const role = await client.create("roles", { name: "Seller" });
  const target = { "@odata.id": `${client.ready.http}/api/data/v9.2/roles(${role})` };
  await client.call("POST", `teams(${team})/teamroles_association/$ref`, target);
  const task = await client.create("tasks", {
    subject: "T",
    "ownerid@odata.bind": `/teams(${team})`,
  });
  const read = (await client.call("GET", `tasks(${task})`)).json;
  expect(read).toMatchObject({
    _ownerid_value: team,
    _owningteam_value: team,
    _owninguser_value: null,
  });
});

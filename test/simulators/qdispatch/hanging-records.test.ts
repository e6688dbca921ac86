import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, aTenant, type Json } from "./tenant.ts";

test("notes and files hang on jobs, customers, contacts, locations and bills, and say what follows from that", async () => {
  const tenant = await aTenant({ size: 200, realities: false });
  const notes = (await tenant.follow("notes", "", 500)).rows;
  const of = (type: string): Json[] => notes.filter((note) => note["parentType"] === type);
  for (const type of ["job", "customer", "contact", "location", "invoice"])
    expect(of(type).length, type).toBeGreaterThan(0);
  const place = of("location")[0];
  const location = await tenant.json(`/locations/${place?.["parentId"]}`);
  expect(place?.["customerId"]).toBe(location["customerId"]);
  const bill = of("invoice")[0];
  const invoice = await tenant.json(`/invoices/${bill?.["parentId"]}`);
  expect([bill?.["jobId"], bill?.["customerId"]]).toEqual([
    invoice["jobId"],
    invoice["customerId"],
  ]);
  expect(new Set(notes.map((note) => note["format"]))).toEqual(
    new Set(["text", "html", "markdown"]),
  );
  const files = (await tenant.follow("attachments", "", 500)).rows;
  const noted = files.filter((file) => file["noteId"] !== null);
  expect(noted.length).toBeGreaterThan(0);
  for (const file of noted)
    expect((await tenant.json(`/notes/${file["noteId"]}`))["active"]).toBe(true);
});

test("a bill is the sum of the lines that name it, and what is paid is the sum of its payments", async () => {
  const tenant = await aTenant({ realities: false });
  const invoices = (await tenant.truth("invoice")).map((line) => line["row"]);
  const truth = invoices.find((row) => row["status"] === "paid") as Json;
  const wire = await tenant.json(`/invoices/${truth["id"]}`);
  expect(wire).toMatchObject({
    subTotal: truth["subtotal"].amount,
    total: truth["total"].amount,
    balance: "0.00",
    currency: "USD",
    jobId: Number(truth["job_id"]),
  });
  const cents = (text: string): number => Math.round(Number(text) * 100);
  const job = await tenant.json(`/jobs/${wire["jobId"]}`);
  const lines = job["items"].filter((line: Json) => line["invoiceId"] === wire["id"]);
  const sum = lines.reduce((total: number, line: Json) => total + cents(line["total"]), 0);
  expect(sum).toBe(cents(wire["subTotal"]));
  const payments = (await tenant.follow("payments")).rows;
  const applied = payments
    .filter((row) => row["status"] === "succeeded")
    .flatMap((row) => row["appliedTo"])
    .filter((one) => one["invoiceId"] === wire["id"]);
  expect(applied.reduce((total, one) => total + cents(one["amount"]), 0)).toBe(cents(wire["paid"]));
});

test("what hangs on a deleted job goes and comes back with it, unless it is left behind", async () => {
  const tenant = await aTenant({ realities: false });
  const invoices = (await tenant.truth("invoice")).map((line) => line["row"]);
  const bill = invoices.find((row) => row["status"] === "paid");
  const id = bill?.["job_id"] as string;
  const change = (what: object): Promise<Json> =>
    tenant.admin("change", { entity: "job", id, ...what });
  const children = async (): Promise<Json[]> =>
    (
      await Promise.all(
        ["appointment", "note", "activity", "invoice"].map((entity) => tenant.truth(entity)),
      )
    )
      .flat()
      .filter((line) => line["row"].job_id === id);
  const before = (await children()).length;
  const visits = await tenant.truth("appointment");
  const earlier = visits.find((line) => line["row"].job_id === id)?.["id"];
  await tenant.admin("change", { entity: "appointment", id: earlier, hard_delete: true });
  await change({ delete: true });
  expect((await children()).map((line) => line["deleted"])).toEqual(new Array(before).fill(true));
  const payments = (await tenant.truth("payment")).filter(
    (line) => line["row"].applications[0].invoice_id === bill?.["id"],
  );
  expect(payments.some((line) => line["deleted"])).toBe(true);
  await change({ revive: true });
  expect((await children()).filter((line) => line["deleted"]).map((line) => line["id"])).toEqual([
    earlier,
  ]);
  await change({ delete: true, leave_children: true });
  expect((await children()).filter((line) => !line["deleted"])).toHaveLength(before - 1);
});

test("a note of a truth file names what follows from its parent, though the file says only that", async () => {
  const file = join(aFolder(), "truth.ndjson");
  const lines = [
    { entity: "customer", id: 1, name: "Ada" },
    { entity: "contact", id: 2, customer_id: 1 },
    { entity: "contact_link", id: 5, contact_id: 2, customer_id: 1, role: "site" },
    { entity: "job", id: 3, customer_id: 1, status: "Pending" },
    { entity: "note", id: 4, parent_type: "job", parent_id: 3, body: "on the job" },
    { entity: "note", id: 6, parent_type: "contact", parent_id: 2, body: "on the contact" },
  ];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  const tenant = await aTenant({ truth: file });
  const ids = async (path: string): Promise<unknown[]> => {
    const { jobId, customerId, contactId } = await tenant.json(path);
    return [jobId, customerId, contactId];
  };
  expect(await ids("/notes/4")).toEqual([3, 1, null]);
  expect(await ids("/notes/6")).toEqual([null, 1, 2]);
  expect((await tenant.json("/contacts/2"))["links"]).toEqual([
    { id: 5, customerId: 1, role: "site" },
  ]);
});

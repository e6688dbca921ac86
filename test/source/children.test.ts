import { expect, test } from "vitest";
import { exploderOf } from "../../pipeline/source/children.ts";

const lines = exploderOf(
  {
    entity: "line_item",
    each: "$.items[*]",
    parent_field: "job_id",
    cap: 3,
    has_more_path: "$.more",
    fields: { id: "$.id", description: "$.text", position: "$.order" },
  },
  { timezone: "UTC", format: "iso8601" },
);

const ids = (items: readonly object[], job = "1") =>
  lines.explode({ items }, job)?.rows.map(({ id }) => id);

test("a child keeps its own id, and names its parent", () => {
  const list = lines.explode({ items: [{ id: 5, text: "a" }] }, "1");
  expect(list?.rows[0]).toMatchObject({ id: "5", fields: { id: "5", job_id: "1" } });
});

test("a child without an id is known by its content, never by its position", () => {
  const [a, b] = [{ text: "a" }, { text: "b" }];
  const [first, second] =
    ids([
      { ...a, order: 1 },
      { ...b, order: 2 },
    ]) ?? [];
  expect(ids([{ ...b, order: 1 }])).toEqual([second]);
  expect(ids([a, a])).toEqual([first, String(first).replace(/1$/, "2")]);
  expect(ids([a], "2")).not.toEqual([first]);
});

test("a list is known whole below its cap and where nothing more follows, and not at all where it is not there", () => {
  const whole = (row: object) => lines.explode(row, "1")?.whole;
  expect(whole({ items: [] })).toBe(true);
  expect(whole({ items: [{}, {}, {}] })).toBe(false);
  expect(whole({ items: [{}], more: true })).toBe(false);
  expect(whole({ items: null })).toBeUndefined();
});

test("a child may take fields of the row it stands in", () => {
  const links = exploderOf(
    {
      entity: "contact_link",
      each: "$.links[*]",
      parent_field: "contact_id",
      cap: 100,
      fields: {
        id: "$.id",
        customer_id: "$.customer",
        contact_customer_id: "^.customer",
        emails: { each: "^.emails[*]", fields: { value: "$.value" } },
      },
    },
    { timezone: "UTC", format: "iso8601" },
  );
  const contact = { customer: 1, emails: [{ value: "a@b" }], links: [{ id: 9, customer: 2 }] };
  expect(links.explode(contact, "5")?.rows[0]?.fields).toMatchObject({
    ...{ id: "9", contact_id: "5", customer_id: "2", contact_customer_id: "1" },
    emails: [{ value: "a@b", label: null }],
  });
});

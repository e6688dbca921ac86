import fc from "fast-check";
import { expect, test } from "vitest";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";

test("a source key has one id, the same on every machine and for good", () => {
  expect(rowGuid("account", "customer-1")).toBe("d3fa2242-f999-5fce-bd19-081b4e62656f");
  expect(rowGuid("account", "customer-1")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test("no two keys, and no two objects, share an id", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(rowGuid("account", one) === rowGuid("account", other)).toBe(one === other);
      expect(rowGuid("account", one)).not.toBe(rowGuid("contact", one));
    }),
  );
});

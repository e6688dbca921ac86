import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLossless } from "../../pipeline/source/lossless-json.ts";

test("it reads what JSON.parse reads, as long as a double holds every number", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const plain = JSON.parse(text, (_, each: unknown) =>
        typeof each === "number" && !/^-?\d+(\.\d+)?$/.test(String(each)) ? "number" : each,
      );
      const read = JSON.parse(JSON.stringify(parseLossless(text).value), (_, each: unknown) =>
        typeof each === "number" && !/^-?\d+(\.\d+)?$/.test(String(each)) ? "number" : each,
      );
      expect(read).toEqual(plain);
    }),
  );
});

test("a number that a double would change stays its digits", () => {
  const text = '{"id":9223372036854775807,"zip":2116.0,"price":12.5,"big":1e400}';
  expect(parseLossless(text).value).toEqual({
    id: "9223372036854775807",
    zip: "2116.0",
    price: 12.5,
    big: "1e400",
  });
});

test("each object knows its own bytes", () => {
  const text = '{"data": [ {"id":1,"note":"a \\"quoted\\" }"} , {"id":2, "items":[{"n":1.10}]}]}';
  const json = parseLossless(text);
  const rows = (json.value as { data: { items?: object[] }[] }).data;
  expect(json.textOf(rows[0])).toBe('{"id":1,"note":"a \\"quoted\\" }"}');
  expect(json.textOf(rows[1]?.items?.[0])).toBe('{"n":1.10}');
});

test.each(["", "{", '{"a":}', "[1,]", "<html>", '"abc', "1 2", '{"a":1', "[1 2]"])(
  "%j is no JSON",
  (text) => expect(() => parseLossless(text)).toThrow(SyntaxError),
);

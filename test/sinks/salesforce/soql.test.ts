import fc from "fast-check";
import { expect, test } from "vitest";
import { soqlChunks, soqlIn, soqlSelect, soqlText } from "../../../sinks/salesforce/soql.ts";

test("no text ends its literal early, and no name is anything but a name", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const inner = soqlText(text).slice(1, -1);
      expect(inner.replace(/\\./g, "")).not.toMatch(/['\\\n\r]/);
    }),
  );
  expect(() => soqlSelect(["Id, Name FROM User--"], "Account")).toThrow("Not a name");
  expect(soqlSelect(["Id", "Account.Source_Key__c"], "Case", soqlIn("Id", ["a'b"]))).toBe(
    "SELECT Id,Account.Source_Key__c FROM Case WHERE Id IN ('a\\'b')",
  );
});

test("lists are cut so that each fits an address, and none is lost", () => {
  const keys = Array.from({ length: 1000 }, (_, n) => `job-ü${n}`);
  const chunks = soqlChunks(keys, 2000);
  expect(chunks.flat()).toEqual(keys);
  for (const chunk of chunks) {
    expect(encodeURIComponent(soqlIn("Source_Key__c", chunk)).length).toBeLessThan(2600);
  }
});

test("a list of keys stays below the longest URI as it is really sent", () => {
  const keys = Array.from({ length: 5000 }, (_, n) => `line_item-${n} O'Neil`);
  for (const chunk of soqlChunks(keys, 14_000)) {
    const url = new URL(
      `http://127.0.0.1/?q=${encodeURIComponent(soqlIn("Source_Key__c", chunk))}`,
    );
    expect(url.search.length).toBeLessThan(14_300);
  }
});

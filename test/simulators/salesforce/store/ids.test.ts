import { expect, test } from "vitest";
import { idOf, parseId, withChecksum } from "../../../../ops/simulators/salesforce/store/ids.ts";

test("the checksum of an id is the one real orgs compute", () => {
  expect(withChecksum("0015500001QdQWa")).toBe("0015500001QdQWaAAN");
  expect(withChecksum("005P000000AyPpY")).toBe("005P000000AyPpYIAV");
});

test("an id gives back its prefix and counter, from 15 and from 18 characters", () => {
  const id = idOf("500", 123_456_789);
  expect(parseId(id)).toEqual({ prefix: "500", n: 123_456_789, id });
  expect(parseId(id.slice(0, 15))).toEqual({ prefix: "500", n: 123_456_789, id });
});

test("a wrong checksum or length is no id", () => {
  const id = idOf("001", 61);
  expect(parseId(`${id.slice(0, 17)}9`)).toBeUndefined();
  expect(parseId("0015500001Qd")).toBeUndefined();
});

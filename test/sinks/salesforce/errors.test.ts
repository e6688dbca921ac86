import { expect, test } from "vitest";
import { bulkRefusal, replyError } from "../../../sinks/salesforce/errors.ts";

test("a refusal is taken apart even where its message holds colons and line breaks", () => {
  const text =
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:Trg: execution of BeforeInsert\n\ncaused by: x:Name Phone --";
  expect(bulkRefusal(text, "Source_Key__c")).toMatchObject({
    code: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    message: "Trg: execution of BeforeInsert\n\ncaused by: x",
    field: "Name",
    class: "refuse",
  });
  expect(
    bulkRefusal("UNABLE_TO_LOCK_ROW:unable to obtain exclusive access: 001:--", "Source_Key__c"),
  ).toMatchObject({
    class: "locked",
    field: null,
  });
});

test("only a duplicate of our own key is ours, and it names the row that has the key", () => {
  const of = (field: string) =>
    `DUPLICATE_VALUE:duplicate value found: ${field} duplicates value on record with id: 0015g0000000002AAA:--`;
  expect(bulkRefusal(of("Source_Key__c"), "Source_Key__c")).toMatchObject({
    class: "duplicate",
    destinationId: "0015g0000000002AAA",
  });
  expect(bulkRefusal(of("Tax_Id__c"), "Source_Key__c")).toMatchObject({
    class: "refuse",
    destinationId: null,
  });
});

test("after a 5xx to a write nobody knows whether it was done; after one to a read nothing was", () => {
  expect(replyError(503, "", "composite", true).code).toBe("SINK_REPLY_LOST");
  expect(replyError(503, "", "query", false).code).toBe("SINK_UNAVAILABLE");
  const limit =
    '[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]';
  expect(replyError(403, limit, "query", false).code).toBe("SINK_THROTTLED");
});

import { expect, test } from "vitest";
import { unitReplies } from "../../../sinks/dynamics/batch.ts";
import { written } from "../../../sinks/dynamics/late-text.ts";
import { batchReplies, batchText } from "../../../sinks/dynamics/multipart.ts";

const crlf = "\r\n";
const type = "multipart/mixed; boundary=batchresponse_1";
const ids = [
  "11111111-1111-5111-8111-111111111111",
  "22222222-2222-5222-8222-222222222222",
] as const;
const units = ids.map((rowId) => ({ rowId, requests: [{ method: "PATCH", path: "x" } as const] }));

/** A part of a batch's answer. */
function part(status: number, more: { id?: string; row?: string; body?: object } = {}): string {
  const { id, row, body } = more;
  return [
    "--batchresponse_1",
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(id === undefined ? [] : [`Content-ID: ${id}`]),
    "",
    `HTTP/1.1 ${status} Whatever`,
    "OData-Version: 4.0",
    ...(row === undefined ? [] : [`OData-EntityId: https://x/api/data/v9.2/accounts(${row})`]),
    "",
    body === undefined ? "" : JSON.stringify(body),
    "",
  ].join(crlf);
}

const end = `--batchresponse_1--${crlf}`;
const read = (text: string) => unitReplies(units, batchReplies(type, text));
const fault = { error: { code: "0x80040265", message: "No.\n--batchresponse_1 is no boundary" } };

test("a batch has a request a part, and a change set where several belong together", () => {
  const post = {
    method: "POST",
    path: "accounts",
    body: `{"name":"é"}`,
    contentId: "1000",
  } as const;
  const text = batchText([post, [post, { ...post, contentId: "2000" }]]);
  const { contentType } = text;
  const body = written(text.body).toString();
  const mark = contentType.split("boundary=")[1];
  expect(body.split(`--${mark}`)).toHaveLength(4);
  expect(body).toContain(`POST /api/data/v9.2/accounts HTTP/1.1${crlf}`);
  expect(body.match(/Content-Type: multipart\/mixed; boundary=changeset_/g)).toHaveLength(1);
});

test("answers are known by their Content-ID, in whatever order they come", () => {
  const replies = read(
    part(400, { id: "2000", body: fault }) + part(204, { id: "1000", row: ids[0] }) + end,
  );
  expect(replies.get(units[0] as (typeof units)[0])).toEqual({ done: true });
  expect(replies.get(units[1] as (typeof units)[0])).toMatchObject({
    done: false,
    at: 0,
    error: { code: "0x80040265" },
  });
});

test("without Content-ID their order counts as long as it contradicts nothing", () => {
  const inOrder = read(part(204, { row: ids[0] }) + part(400, { body: fault }) + end);
  expect([...inOrder.values()].map(({ done }) => done)).toEqual([true, false]);
  expect(read(part(204, { row: ids[1] }) + part(204, { row: ids[0] }) + end).size).toBe(0);
  expect(read(part(204, { row: ids[0] }) + end).size).toBe(0);
});

test("an answer that is cut off says nothing of the parts behind the cut", () => {
  const whole =
    part(204, { id: "1000", row: ids[0] }) + part(204, { id: "2000", row: ids[1] }) + end;
  const cut = whole.slice(0, whole.indexOf("HTTP/1.1", whole.indexOf("2000")));
  expect([...read(cut).keys()]).toEqual([units[0]]);
});

test("a gateway's error within a batch leaves open what became of its row", () => {
  const answers = part(503, { id: "1000" }) + part(204, { id: "2000", row: ids[1] }) + end;
  expect([...read(answers).keys()]).toEqual([units[1]]);
});

test("a change set that was undone is one error that names its culprit", () => {
  const unit = {
    rowId: ids[0],
    requests: [units[0], units[1]].map(() => ({ method: "PATCH", path: "x" }) as const),
  };
  const [reply] = unitReplies(
    [unit],
    batchReplies(type, part(412, { id: "1001", body: fault }) + end),
  ).values();
  expect(reply).toMatchObject({ done: false, at: 1 });
});

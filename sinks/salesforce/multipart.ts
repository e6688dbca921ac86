import { randomUUID } from "node:crypto";
import type { FileBytes } from "../file-bytes.ts";
import type { StreamedBody } from "../transport.ts";

/**
 * A record with its binary field as multipart/form-data (REST guide, "Insert or Update Blob Data"):
 * the JSON part first, then the bytes, streamed, their length known beforehand.
 */
export function multipart(
  record: object,
  field: string,
  bytes: FileBytes,
): { readonly contentType: string; readonly body: StreamedBody } {
  const boundary = `cutover-${randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\n` +
      'Content-Disposition: form-data; name="entity_content"\r\n' +
      "Content-Type: application/json\r\n\r\n" +
      `${JSON.stringify(record)}\r\n` +
      `--${boundary}\r\n` +
      // The name people see is in the record: a header could not carry every character of it.
      `Content-Disposition: form-data; name="${field}"; filename="upload"\r\n` +
      "Content-Type: application/octet-stream\r\n\r\n",
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      bytes: head.length + bytes.size + tail.length,
      async *open() {
        yield head;
        yield* bytes.open();
        yield tail;
      },
    },
  };
}

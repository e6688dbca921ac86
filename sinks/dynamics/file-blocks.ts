import { randomUUID } from "node:crypto";
import type { FileBytes } from "../file-bytes.ts";
import { writeBase64 } from "./file-text.ts";

/** Bytes of one block (Microsoft: 4 MB at most). */
const blockBytes = 4 * 1024 * 1024;

/** One block as it leaves. Its body is overwritten by the next one. */
export interface Block {
  readonly id: string;
  readonly body: Buffer;
}

/**
 * A file as bodies of UploadBlock, whatever pieces it is read in. Two buffers serve all blocks: as
 * strings a file of a hundred megabytes would leave half a gigabyte behind it.
 */
export async function* fileBlocks(file: FileBytes, token: string): AsyncGenerator<Block> {
  const block = Buffer.alloc(Math.min(blockBytes, file.size));
  const body = Buffer.alloc(Math.ceil(block.length / 3) * 4 + token.length * 2 + 200);
  let bytes = 0;
  for await (const piece of file.open()) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + block.length - bytes);
      block.set(part, bytes);
      [at, bytes] = [at + part.length, bytes + part.length];
      if (bytes < block.length) continue;
      yield written(block, body, token);
      bytes = 0;
    }
  }
  if (bytes > 0) yield written(block.subarray(0, bytes), body, token);
}

function written(block: Buffer, body: Buffer, token: string): Block {
  const id = Buffer.from(randomUUID()).toString("base64");
  const named = { BlockId: id, FileContinuationToken: token };
  let end = body.write(`${JSON.stringify(named).slice(0, -1)},"BlockData":"`, "utf8");
  end += writeBase64(block, body, end);
  end += body.write(`"}`, end, "latin1");
  return { id, body: body.subarray(0, end) };
}

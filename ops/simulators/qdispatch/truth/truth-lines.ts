import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sha256Of } from "../files/file-bytes.ts";
import { storedFileOf } from "../files/stored-file.ts";
import type { Version } from "./ledger.ts";
import {
  type ChildEntity,
  childrenOf,
  entities,
  type Entity,
  hashOf,
  nests,
  type Row,
} from "./row.ts";
import type { View } from "./view.ts";

/** One line of the truth: what an independent check compares with. */
export interface TruthLine {
  readonly id: string | null;
  readonly hash: string;
  readonly deleted: boolean;
  readonly seq: number;
  readonly row?: unknown;
}

/** Every record of an entity at its newest version; nested children are given as records of their own. */
export function* truthLines(view: View, entity: string, full: boolean): Generator<TruthLine> {
  if (entity in nests) yield* childLines(view, entity as ChildEntity, full);
  else if ((entities as readonly string[]).includes(entity))
    for (const version of view.all(entity as Entity))
      yield full && entity === "attachment"
        ? { ...line(version, version.id, version.row, false), row: withBytesHash(version) }
        : line(version, version.id, version.row, full);
}

function* childLines(view: View, entity: ChildEntity, full: boolean): Generator<TruthLine> {
  const { parent, reference } = nests[entity];
  for (const version of view.all(parent))
    for (const child of childrenOf(version.row, entity))
      yield line(version, child.id, { ...child, [reference]: version.id }, full);
}

function line(version: Version, id: string | null, row: unknown, full: boolean): TruthLine {
  const deleted = version.kind !== "alive";
  const { updated_at: _at, ...body } = row as Record<string, unknown>;
  return { id, hash: hashOf(body), deleted, seq: version.seq, ...(full ? { row } : {}) };
}

/** An attachment with the SHA-256 of its bytes, so that an independent check need not fetch them. */
function withBytesHash({ kind, row }: Version): Row {
  const file = storedFileOf(row);
  const sha256 = kind !== "alive" || file.fault === "missing" ? null : sha256Of(file);
  return { ...row, sha256 };
}

/** Streams the truth of an entity as NDJSON; nothing of it is collected in memory. */
export async function sendTruth(
  res: ServerResponse,
  view: View,
  entity: string,
  full: boolean,
): Promise<void> {
  res.writeHead(200, { "content-type": "application/x-ndjson" });
  await pipeline(Readable.from(chunks(truthLines(view, entity, full))), res);
}

function* chunks(lines: Iterable<TruthLine>): Generator<string> {
  let text = "";
  for (const one of lines) {
    text += `${JSON.stringify(one)}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield text;
}

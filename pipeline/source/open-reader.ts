import type { Attachment } from "../core/generated/records.ts";
import type { CompiledStream } from "./compiled-stream.ts";
import type { SessionParts } from "./session.ts";
import { spoolingReader } from "./spool.ts";
import { httpReader, type StreamReader } from "./stream-reader.ts";
import { SchemaWanted } from "./writer.ts";

/** The reader of a stream; where its rows have files, pages come with their bytes in the blob folder. */
export function readerOf(stream: CompiledStream, parts: SessionParts): StreamReader {
  const { http, options } = parts;
  const reader = httpReader(stream.profile, http);
  const { download: rules } = stream.profile;
  if (rules === undefined) return reader;
  const { source } = options.profile;
  return spoolingReader(reader, {
    ...{ http, rules, stream, timezone: source.timezone, log: options.stage.log },
    baseUrl: source.base_url,
    blobFolder: options.connection.blobFolder,
    // Pages always find a place beside the files.
    concurrency: Math.max(1, source.rate_limit.concurrency - 1),
    known: (id) => known(id, stream, parts),
  });
}

/** The record as last written; its schema is asked for where this process has not met it. */
async function known(
  id: string,
  { entity }: CompiledStream,
  { store, outputs }: SessionParts,
): Promise<Attachment | undefined> {
  for (;;) {
    const stored = store.get(entity, id);
    try {
      const record = stored && outputs.get(entity)?.decode(stored.body);
      return record as unknown as Attachment | undefined;
    } catch (error) {
      if (!(error instanceof SchemaWanted)) throw error;
      await error.fetched;
    }
  }
}

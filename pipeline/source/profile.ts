import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { z } from "zod";
import { CutoverError } from "../core/errors.ts";
import { didYouMean } from "../core/did-you-mean.ts";
import {
  type ChildProfile,
  type DeletesProfile,
  type DownloadProfile,
  type FieldSpec,
  type IncrementalProfile,
  knownKeys,
  type PaginatorProfile,
  profileSchema,
} from "./profile-schema.ts";
import type { SourceSettings } from "./source-schema.ts";
import { entityFields } from "./entity-schema.ts";
import type { SourceEntity } from "../core/source-record.ts";

/** One list of the source, with the profile's defaults put in; durations are milliseconds. */
export interface StreamProfile {
  readonly name: string;
  readonly entity: SourceEntity;
  readonly path: string;
  readonly data_selector: string;
  readonly primary_key: string;
  readonly page_size: number;
  readonly page_size_param: string | undefined;
  readonly poll: { readonly fast: number; readonly full: number };
  readonly paginator: PaginatorProfile;
  readonly incremental: IncrementalProfile;
  /** Path of one row, `{id}` open; undefined where rows cannot be read one by one. */
  readonly by_id: string | undefined;
  readonly deletes: DeletesProfile;
  readonly params: Readonly<Record<string, string>>;
  readonly volatile: readonly string[];
  readonly fields: Readonly<Record<string, FieldSpec>>;
  readonly children: readonly ChildProfile[];
  /** Undefined where the rows have no files. */
  readonly download: DownloadProfile | undefined;
  /** Of customers: which status of a job means closed, where a plan wants jobs counted. */
  readonly work?: { readonly closed: readonly string[] };
  /** The source may not have it at all. */
  readonly optional: boolean;
}

/** A source profile, checked and with its secrets. */
export interface Profile {
  readonly source: SourceSettings;
  readonly streams: readonly StreamProfile[];
}

type Parsed = z.output<typeof profileSchema>;
type Issue = z.core.$ZodIssue;

/** Reads a source profile; PROFILE_INVALID names every fault at once, each with its file and key. */
export function loadProfile(file: string): Profile {
  let parsed: unknown;
  try {
    parsed = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw invalid(file, [(error as Error).message], error);
  }
  const result = profileSchema.safeParse(parsed);
  if (!result.success) throw invalid(file, result.error.issues.flatMap(faultsOf));
  const faults = [...addressFaults(result.data), ...result.data.streams.flatMap(streamFaults)];
  const streams = result.data.streams.map((stream) => completed(stream, result.data, faults));
  if (faults.length > 0) throw invalid(file, faults);
  return { source: result.data.source, streams };
}

function invalid(file: string, faults: readonly string[], cause?: unknown): CutoverError {
  const text = faults.map((fault) => `\n  ${fault}`).join("");
  return new CutoverError("PROFILE_INVALID", `${file} is no source profile:${text}`, { cause });
}

function faultsOf(issue: Issue): string[] {
  const at = issue.path.map((part) =>
    typeof part === "number" ? `[${part}]` : `.${String(part)}`,
  );
  const place = at.join("").replace(/^\./, "") || "the file";
  if (issue.code !== "unrecognized_keys") return [`${place}: ${issue.message}`];
  return issue.keys.map((key) => `${place}: there is no key ${key}${didYouMean(key, knownKeys)}`);
}

/** Credentials go over TLS, except to this machine itself (a rehearsal's simulator). */
function addressFaults({ source }: Parsed): string[] {
  const { base_url, auth } = source;
  const token = auth.type === "oauth2_client_credentials" ? auth.token_url : base_url;
  const addresses = { base_url, "auth.token_url": token.replace("{base_url}", base_url) };
  return Object.entries(addresses).flatMap(([key, address]) => {
    if (!URL.canParse(address)) return [`source.${key}: ${address} is no address`];
    const { protocol, hostname } = new URL(address);
    const here = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
    return protocol === "https:" || (protocol === "http:" && here)
      ? []
      : [`source.${key}: use https; ${protocol}//${hostname} would show the credentials`];
  });
}

function streamFaults(stream: Parsed["streams"][number]): string[] {
  const { name, entity, work } = stream;
  const misplaced = work !== undefined && entity !== "customer";
  return [
    ...fieldFaults(stream),
    ...(misplaced ? [`streams.${name}.work: belongs to the stream of customers`] : []),
  ];
}

/** Fields the canonical entity does not have. */
function fieldFaults({ name, entity, fields, children }: Parsed["streams"][number]): string[] {
  return [{ entity, fields }, ...children].flatMap((part) => {
    const known = entityFields(part.entity).map((each) => each.name);
    return Object.keys(part.fields)
      .filter((field) => !known.includes(field))
      .map(
        (field) =>
          `streams.${name}: ${part.entity} has no field ${field}${didYouMean(field, known)}`,
      );
  });
}

function completed(
  stream: Parsed["streams"][number],
  { defaults }: Parsed,
  faults: string[],
): StreamProfile {
  const merged = { ...defaults, ...stream };
  for (const key of ["data_selector", "page_size", "poll", "paginator", "incremental"] as const) {
    if (merged[key] === undefined) {
      faults.push(`streams.${stream.name}: ${key} is missing; give it here or under defaults`);
    }
  }
  const named = (text: string): string => text.replaceAll("{name}", stream.name);
  const deletes = merged.deletes ?? { type: "none", params: {} };
  const census = deletes.census && { ...deletes.census, path: named(deletes.census.path) };
  return {
    // Whatever is still missing stands among the faults, which are thrown.
    ...(merged as unknown as StreamProfile),
    primary_key: merged.primary_key?.[0] ?? "id",
    page_size_param: merged.page_size_param,
    by_id: merged.by_id === undefined ? undefined : named(merged.by_id),
    deletes: { ...deletes, census },
    params: merged.params ?? {},
    volatile: merged.volatile ?? [],
    download: stream.download,
  };
}

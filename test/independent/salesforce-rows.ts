import { createHash } from "node:crypto";

/** How the check signs in: what a simulator prints when it is ready. */
export interface Access {
  readonly http: string;
  readonly client_id: string;
  readonly client_secret: string;
}

/** One row as SOQL returns it, dotted paths resolved. */
export type FoundRow = Readonly<Record<string, unknown>>;

/** Reads an org by raw HTTP. */
export interface Org {
  query(soql: string): Promise<FoundRow[]>;
  /** Rows that queries leave out too, as archived events; of deleted ones the caller says. */
  queryAll(soql: string): Promise<FoundRow[]>;
  /** The bytes of a version of a file, as text and by their hash. */
  bytes(versionId: string): Promise<{ readonly sha256: string; readonly text: string }>;
}

interface Page {
  readonly records: Record<string, unknown>[];
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
}

const data = "/services/data/v62.0";

/** Signs in with client credentials, as any client would. */
export async function openOrg(access: Access): Promise<Org> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: access.client_id,
    client_secret: access.client_secret,
  });
  const reply = await fetch(`${access.http}/services/oauth2/token`, { method: "POST", body: form });
  const { access_token: token } = (await reply.json()) as { access_token: string };
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(`${access.http}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const rowsOf = async (resource: string, soql: string): Promise<FoundRow[]> => {
    const paths = /^SELECT (.+?) FROM /.exec(soql)?.[1]?.split(/,\s*/) ?? [];
    const rows: FoundRow[] = [];
    let next: string | undefined = `${data}/${resource}?q=${encodeURIComponent(soql)}`;
    while (next !== undefined) {
      const page = (await (await get(next)).json()) as Page;
      for (const record of page.records) rows.push(flat(record, paths));
      next = page.done ? undefined : page.nextRecordsUrl;
    }
    return rows;
  };
  return {
    query: (soql) => rowsOf("query", soql),
    queryAll: (soql) => rowsOf("queryAll", soql),
    async bytes(versionId) {
      const response = await get(`${data}/sobjects/ContentVersion/${versionId}/VersionData`);
      const bytes = Buffer.from(await response.arrayBuffer());
      return {
        sha256: createHash("sha256").update(bytes).digest("hex"),
        text: bytes.toString("utf8"),
      };
    },
  };
}

function flat(record: Record<string, unknown>, paths: readonly string[]): FoundRow {
  return Object.fromEntries(
    paths.map((path) => {
      let value: unknown = record;
      for (const step of path.split(".")) value = (value as Record<string, unknown> | null)?.[step];
      return [path, value ?? null];
    }),
  );
}

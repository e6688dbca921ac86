/** How a check signs in: what the simulator prints when it is ready. */
export interface EnvironmentAccess {
  readonly http: string;
  readonly tenant?: string;
  readonly client_id: string;
  readonly client_secret: string;
}

/** One row as the Web API returns it, formatted values beside the raw ones. */
export type EnvironmentRow = Readonly<Record<string, unknown>>;

/** Reads an environment by raw HTTP, and writes to it behind everyone's back. */
export interface Environment {
  /** All rows a query finds, page by page. */
  rows(query: string): Promise<EnvironmentRow[]>;
  /** Writes as somebody would by hand; the id of a new row, else nothing. */
  write(method: "POST" | "PATCH" | "DELETE", path: string, values?: object): Promise<string>;
}

interface Page {
  readonly value: EnvironmentRow[];
  readonly "@odata.nextLink"?: string;
}

/** Signs in with client credentials, as any client would. */
export async function openEnvironment(access: EnvironmentAccess): Promise<Environment> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: access.client_id,
    client_secret: access.client_secret,
    scope: `${access.http}/.default`,
  });
  const reply = await fetch(`${access.http}/${access.tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: form,
  });
  const { access_token: token } = (await reply.json()) as { access_token: string };
  const headers = {
    authorization: `Bearer ${token}`,
    prefer: 'odata.include-annotations="*"',
  };
  return {
    async rows(query) {
      const rows: EnvironmentRow[] = [];
      let next: string | undefined = `${access.http}/api/data/v9.2/${query}`;
      while (next !== undefined) {
        const response: Response = await fetch(next, { headers });
        if (!response.ok) throw new Error(`${next}: ${response.status} ${await response.text()}`);
        const page = (await response.json()) as Page;
        rows.push(...page.value);
        next = page["@odata.nextLink"];
      }
      return rows;
    },
    async write(method, path, values) {
      const response = await fetch(`${access.http}/api/data/v9.2/${path}`, {
        method,
        headers: { ...headers, "content-type": "application/json" },
        ...(values === undefined ? {} : { body: JSON.stringify(values) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return /\(([\w-]+)\)$/.exec(response.headers.get("odata-entityid") ?? "")?.[1] ?? "";
    },
  };
}

/** The label of a choice's value. */
export function labelOf(row: EnvironmentRow, column: string): string {
  return String(row[`${column}@OData.Community.Display.V1.FormattedValue`] ?? "");
}

import { expect } from "vitest";
import type { Answer, OrgClient } from "./org-client.ts";

/** Rows by REST, as the tests of object rules write and read them. */
export interface Rows {
  /** Inserts a row that must be taken; its id. */
  create(object: string, fields: object): Promise<string>;
  /** The error of a row that must not be taken. */
  refusal(object: string, fields: object): Promise<Answer["json"]>;
  update(object: string, id: string, fields: object): Promise<Answer>;
  remove(object: string, id: string): Promise<Answer>;
  read(object: string, id: string): Promise<Answer["json"]>;
  /** Records of a statement. */
  select(soql: string): Promise<Answer["json"][]>;
}

/** The rows of an org. */
export function rowsOf(org: OrgClient): Rows {
  const path = (object: string, id: string): string => `/sobjects/${object}/${id}`;
  return {
    async create(object, fields) {
      const { status, json } = await org.rest("POST", `/sobjects/${object}`, fields);
      expect({ status, json }).toMatchObject({ status: 201 });
      return json.id;
    },
    async refusal(object, fields) {
      const { status, json } = await org.rest("POST", `/sobjects/${object}`, fields);
      expect({ status, json }).toMatchObject({ status: 400 });
      return json[0];
    },
    update: (object, id, fields) => org.rest("PATCH", path(object, id), fields),
    remove: (object, id) => org.rest("DELETE", path(object, id)),
    read: async (object, id) => (await org.rest("GET", path(object, id))).json,
    select: async (soql) => (await org.query(soql)).json.records,
  };
}

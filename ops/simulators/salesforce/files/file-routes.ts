import { ApiError, notFound } from "../rest/api-error.ts";
import { param, type Route } from "../rest/call.ts";
import { blobPath } from "./blobs.ts";

/** `GET /sobjects/ContentVersion/{id}/VersionData`: the bytes of a version, streamed. */
export const fileRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/sobjects/ContentVersion/:id/VersionData",
    handle(call) {
      const row = call.org.rows("ContentVersion").byId(param(call, "id"));
      if (row === undefined) throw notFound();
      if (row.deleted) throw new ApiError(404, "ENTITY_IS_DELETED", "entity is deleted");
      const { VersionData: sha256 } = row.values;
      if (typeof sha256 !== "string") throw notFound();
      return { status: 200, file: blobPath(call.org, sha256) };
    },
  },
];

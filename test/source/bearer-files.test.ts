import { expect, test } from "vitest";
import type { Profile } from "../../pipeline/source/profile.ts";
import { fold } from "./fold.ts";
import { polledTenant } from "./polled-tenant.ts";
import { differences } from "./truth.ts";

/** The profile of a tenant whose files are opened by our token. */
function withAuth(profile: Profile): Profile {
  const streams = profile.streams.map((stream) => {
    const { download } = stream;
    return download ? { ...stream, download: { ...download, auth: "source" as const } } : stream;
  });
  return { ...profile, streams };
}

test("the files of a tenant that signs no addresses come with our token, and are refused without it", async () => {
  const args = ["--size", "10", "--seed", "4", "--quiet", "--bearer-files", "--realities", "off"];
  const tenant = await polledTenant("bearer-files", { args });
  try {
    const streams = tenant.profile().streams.length;
    const stranger = tenant.poll();
    await tenant.said("snapshot_end", streams);
    await stranger.stop();
    const refused = [...(await fold(tenant)).alive("attachment").values()];
    expect(refused.length).toBeGreaterThan(0);
    for (const { file_problem } of refused) expect(file_problem).toBe("refused");
    const poller = tenant.poll(withAuth(tenant.profile()));
    for (const { id } of refused) {
      await tenant.call("POST", "change", { entity: "attachment", id, new_bytes: true });
    }
    await tenant.finish();
    await poller.stop();
    const found = await fold(tenant);
    for (const { file } of found.alive("attachment").values()) expect(file).not.toBeNull();
    expect(await differences(tenant, found)).toEqual([]);
  } finally {
    await tenant.close();
  }
});

import { draw } from "../generate/draw.ts";
import { phoneOf } from "../generate/customer.ts";
import { isSpare, unbilledLines } from "./job-changes.ts";
import { nextStatuses } from "../generate/status.ts";
import type { AfterPage } from "../export-feed/export-feed.ts";
import type { Version } from "../truth/ledger.ts";
import type { Entity } from "../truth/row.ts";
import type { Desk } from "./desk.ts";

type Tools = Omit<Desk, "later">;

/** Changes a share of each page's records (or their neighbours) while the first full read of a feed is under way. */
export function snapshotChanges(desk: Tools, share: number): AfterPage {
  const { meta, ledger, view, world } = desk;
  let owed = 0;
  let made = Number(meta.get("snapshot_changes") ?? 0);
  return ({ feed, entity, versions, whole, last }) => {
    if (!whole || share <= 0 || meta.get(`snapshot_read:${feed}`) !== undefined) return;
    owed += versions.length * share;
    ledger.together(() => {
      for (; owed >= 1; owed -= 1) {
        made += 1;
        const of = draw(world.seed, "snapshot", made);
        const served = of.pick("row", versions);
        // Half of them behind the reader (the delta must bring it), half of them just before it (the next page does).
        const behind = of.chance("behind", 0.5);
        const at = behind ? served.seq : (versions.at(-1)?.seq ?? 0) + 1 + of.int("ahead", 20);
        const chosen = view.nextFrom(entity, "alive", at);
        if (chosen !== undefined) touch(desk, entity, chosen, made);
      }
      meta.set("snapshot_changes", String(made));
      if (last) meta.set(`snapshot_read:${feed}`, "1");
    });
  };
}

function touch({ editor, world }: Tools, entity: Entity, version: Version, nth: number): void {
  const of = draw(world.seed, "touch", nth);
  const { id, row } = version;
  const phone = phoneOf(of, nth);
  if (entity === "job") return touchJob(editor, version, nth);
  if (entity === "contact")
    editor.set(entity, id, { phones: [{ value: phone, kind: "mobile", label: null }] });
  else if (entity === "customer" || entity === "technician") editor.set(entity, id, { phone });
  else if (entity === "service_location") editor.set(entity, id, { access_notes: `Gate ${nth}` });
  else if (touches[entity] !== undefined) editor.set(entity, id, touches[entity](nth));
  else editor.set(entity, id, { name: row["name"] ?? null }); // a version that differs in its time only
}

const touches: Partial<Record<Entity, (nth: number) => Record<string, unknown>>> = {
  appointment: (nth) => ({ notes: `Gate ${nth}` }),
  note: (nth) => ({ body: `Said again (call ${nth})`, format: "text" }),
  attachment: (nth) => ({ kind: nth % 2 === 0 ? "photo" : "document" }),
  activity: (nth) => ({ outcome: `call ${nth}` }),
  invoice: (nth) => ({ external_ref: `QB-${nth}` }),
  payment: (nth) => ({ memo: `call ${nth}` }),
  custom_property_def: () => ({ inferred: false }),
};

function touchJob(editor: Desk["editor"], { id, row }: Version, nth: number): void {
  const line = unbilledLines(row).at(0);
  const next = nextStatuses[String(row["status"])]?.[0];
  if (nth % 20 === 19 && isSpare(row)) editor.remove("job", id, { trace: nth % 40 === 19 });
  else if (nth % 4 === 1 && line?.id) editor.removeLine(id, line.id);
  else if (nth % 4 === 2 && next !== undefined) editor.moveTo(id, next, null);
  else
    editor.set("job", id, {
      title: `${String(row["title"] ?? "Job").slice(0, 200)} (call ${nth})`,
    });
}

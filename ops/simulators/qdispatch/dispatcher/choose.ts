import type { Draw } from "../generate/draw.ts";
import type { Ledger, Version, VersionKind } from "../truth/ledger.ts";
import type { Entity } from "../truth/row.ts";
import type { View } from "../truth/view.ts";

/** How often a choice looks on from a place, and from how many places, before it gives up. */
const tries = 40;
const places = 4;

/** Chooses a record by the draw, looking on until one suits; undefined where none does. */
export function choose(
  parts: { view: View; ledger: Ledger },
  of: Draw,
  wanted: {
    entity: Entity;
    kind?: VersionKind;
    suits?: (version: Version) => boolean;
    field?: string;
  },
): Version | undefined {
  const { entity, kind = "alive", suits = () => true, field = entity } = wanted;
  // Where few records of the kind lie, many places lead to the same ones: hence another place, drawn anew.
  for (let place = 0; place < places; place++) {
    const name = place === 0 ? `place of ${field}` : `place ${place} of ${field}`;
    let seq = of.int(name, parts.ledger.lastSeq() + 1);
    for (let tried = 0; tried < tries; tried++) {
      const version = parts.view.nextFrom(entity, kind, seq);
      if (version === undefined || suits(version)) return version;
      seq = version.seq + 1;
    }
  }
  return undefined;
}

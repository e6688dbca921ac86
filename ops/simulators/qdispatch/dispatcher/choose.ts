import type { Draw } from "../generate/draw.ts";
import type { Ledger, Version, VersionKind } from "../truth/ledger.ts";
import type { Entity } from "../truth/row.ts";
import type { View } from "../truth/view.ts";

/** How often a choice looks on before it gives up. */
const tries = 40;

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
  let seq = of.int(`place of ${field}`, parts.ledger.lastSeq() + 1);
  for (let tried = 0; tried < tries; tried++) {
    const version = parts.view.nextFrom(entity, kind, seq);
    if (version === undefined || suits(version)) return version;
    seq = version.seq + 1;
  }
  return undefined;
}

import type { Clock } from "../../server/clock.ts";
import type { World } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { Meta } from "../truth/meta.ts";
import type { View } from "../truth/view.ts";
import type { Editor } from "./editor.ts";

/** What the dispatchers work with. */
export interface Desk {
  readonly world: World;
  readonly ledger: Ledger;
  readonly view: View;
  readonly editor: Editor;
  readonly meta: Meta;
  readonly clock: Clock;
  /** Puts a change off; it is applied as one of the next changes. */
  later(change: Postponed): void;
}

/** A change to come, as plain data, so that it survives a restart. */
export type Postponed =
  | {
      readonly do: "set";
      readonly entity: "job";
      readonly id: string;
      readonly fields: Record<string, unknown>;
    }
  | { readonly do: "customer"; readonly index: number };

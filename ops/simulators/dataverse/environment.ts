import type { Clock } from "../server/clock.ts";
import type { Faults } from "../server/faults.ts";
import type { RequestLog } from "../server/request-log.ts";
import type { Model } from "./model.ts";
import type { Database } from "./rows/database.ts";
import type { Settings, SettingStore } from "./rows/settings.ts";
import type { TableRows } from "./rows/table-rows.ts";

/** One environment: its model, rows, settings and clock. Everything a resource needs. */
export interface Environment {
  readonly folder: string;
  readonly organizationId: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly settings: SettingStore<Settings>;
  readonly model: Model;
  /** The rows of a table by its logical name. */
  rows(table: string): TableRows;
  /** The row version of the next write. */
  nextVersion(): number;
  close(): void;
}

/** Who acts: the user whose rights count, and the application user on whose token it comes. */
export interface Caller {
  readonly userId: string;
  readonly businessUnitId: string;
  /** Set when `userId` is impersonated. */
  readonly onBehalfBy?: string;
}

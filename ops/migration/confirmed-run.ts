import { followControl } from "../../pipeline/kafka/control.ts";
import { connectionOf, type Migration } from "./migration-file.ts";

/** The number of the run that was confirmed last; 1 before any was. */
export async function confirmedRun(migration: Migration, process: string): Promise<number> {
  const follower = await followControl(connectionOf(migration, `${process}.run`), migration.name);
  try {
    await follower.catchUp();
    return follower.state.get("run", "run")?.run ?? 1;
  } finally {
    await follower.close();
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What tests leave behind goes with their run; where one has failed, its logs stay. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "cutover-tests-"));
  process.env["TMPDIR"] = folder;
  return () => {
    if (process.exitCode === undefined || process.exitCode === 0) {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

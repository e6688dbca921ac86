import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where the long files are, the longest first: one that starts last would leave a core idle. */
const longest = [
  "test/e2e/real-service-requests",
  "test/invariants/",
  "test/e2e/",
  "test/loader/",
  "test/contract/",
] as const;

/** Starts long files first also in a fresh clone, where nothing is known of durations. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const file = relative(project.config.root, moduleId);
  const at = longest.findIndex((start) => file.startsWith(start));
  return at === -1 ? longest.length : at;
}

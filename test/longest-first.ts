import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole rehearsals, the longest first: one alone keeps a core busy, and one that starts last leaves a core idle. */
const rehearsals = ["test/e2e/real-service-requests", "test/invariants/", "test/e2e/"];

/** Stages by themselves, the longest first: they mostly wait. */
const stages = ["test/loader/", "test/contract/", "test/source/", "test/ledger/"];

/** So many files of stages follow each rehearsal, so that they wait while it works. */
const beside = 2;

/** Starts long files first also in a fresh clone, where nothing is known of durations. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const busy = ranked(sorted, rehearsals);
    const waiting = ranked(sorted, stages);
    const known = new Set([...busy, ...waiting]);
    return [
      ...busy.flatMap((file, n) => [file, ...waiting.slice(n * beside, (n + 1) * beside)]),
      ...waiting.slice(busy.length * beside),
      ...sorted.filter((file) => !known.has(file)),
    ];
  }
}

/** The files that start like one of these, in the order of these. */
function ranked(files: readonly TestSpecification[], starts: readonly string[]) {
  const found = files.map((file) => {
    return { file, at: starts.findIndex((start) => pathOf(file).startsWith(start)) };
  });
  return found
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at)
    .map(({ file }) => file);
}

function pathOf({ moduleId, project }: TestSpecification): string {
  return relative(project.config.root, moduleId);
}

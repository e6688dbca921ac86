import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rehearse } from "../../ops/migration/rehearse/rehearse.ts";
import { machine } from "./machine.ts";

/** From a source commit to its outcome at the destination, while changes come at a rate. */
export async function bench(args: Record<string, string>): Promise<object> {
  const before = machine();
  const { report, close } = await rehearse({
    size: Number(args["size"] ?? 500),
    seed: Number(args["seed"] ?? 1),
    rate: Number(args["rate"] ?? 10),
    seconds: Number(args["seconds"] ?? 60),
    corpus: undefined,
    truth: undefined,
    limits: true,
    folder: mkdtempSync(join(tmpdir(), "cutover-bench-")),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  await close();
  return { machine: before, figures: report.figures };
}

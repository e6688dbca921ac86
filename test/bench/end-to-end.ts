import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rehearse } from "../../ops/migration/rehearse/rehearse.ts";
import { benchedOf } from "./benched.ts";
import { machine } from "./machine.ts";

/** From the first poll to the last outcome, simulator limits off, everything on this machine. */
export async function bench(args: Record<string, string>): Promise<object> {
  const { kind: destination, edition } = benchedOf(args);
  const before = machine();
  const { report, close } = await rehearse({
    destination,
    ...(edition === undefined ? {} : { edition }),
    size: Number(args["size"] ?? 5000),
    seed: Number(args["seed"] ?? 1),
    rate: 0,
    seconds: 0,
    corpus: undefined,
    truth: undefined,
    limits: false,
    folder: mkdtempSync(join(tmpdir(), "cutover-bench-")),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  await close();
  return { machine: before, figures: report.figures, reconciliation: report.reconciliation };
}

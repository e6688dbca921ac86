import { bench as badRows } from "./bad-rows.ts";
import { bench as bulk } from "./bulk.ts";
import { bench as delta } from "./delta.ts";
import { bench as endToEnd } from "./end-to-end.ts";
import { bench as ledger } from "./ledger.ts";
import { bench as limits } from "./limits.ts";
import { bench as rerun } from "./rerun.ts";
import { bench as transform } from "./transform.ts";
import { usage } from "./usage.ts";

const benches: Record<string, (args: Record<string, string>) => Promise<object>> = {
  transform,
  "end-to-end": endToEnd,
  delta,
  bulk,
  limits,
  rerun,
  ledger,
  "bad-rows": badRows,
};

const [name = "", ...rest] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(usage);
  process.exit(2);
}
const args = Object.fromEntries(
  rest.map((each) => each.replace(/^--/, "").split("=") as [string, string]),
);
const result = await bench(args);
process.stdout.write(`${JSON.stringify({ bench: name, args, ...result }, null, 2)}\n`);
process.exit(0);

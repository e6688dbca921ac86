import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { printReady } from "../server/ready.ts";
import { startDataverse } from "./start.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string" },
    "http-port": { type: "string", default: "0" },
    "https-port": { type: "string", default: "0" },
    limits: { type: "string" },
  },
});

if (values.folder === undefined) {
  process.stderr.write("Name the folder of the simulator's state: --folder DIR\n");
  process.exit(2);
}

const simulator = await startDataverse({
  folder: resolve(values.folder),
  httpPort: Number(values["http-port"]),
  httpsPort: Number(values["https-port"]),
  ...(values.limits === undefined ? {} : { limits: values.limits === "off" ? "off" : "standard" }),
});
printReady(simulator.ready);

const end = (): void => {
  simulator.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once("SIGTERM", end);
process.once("SIGINT", end);

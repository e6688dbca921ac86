import { join } from "node:path";

/** Where code stays compiled, and its types stripped, from one process to the next. */
export const compiledCode = join(import.meta.dirname, "../../node_modules/.cutover/compiled");

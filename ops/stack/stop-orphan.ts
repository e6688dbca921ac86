/** Run by the watchdog: stops the stack of the folder it is given, unless somebody wants it again (then exit code 1). */
import { stackReap } from "./stack.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("usage: stop-orphan.ts <folder>");
process.exitCode = (await stackReap(folder)) ? 0 : 1;

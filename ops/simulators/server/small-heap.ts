import { setFlagsFromString } from "node:v8";

/** Keeps a simulator's memory flat: its garbage is short-lived pages, and V8's young generation would grow with each of them. */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

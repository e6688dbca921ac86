import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.stranger.ts"],
    // The first run installs: minutes on a slow line, none of them ours.
    testTimeout: 300_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
    passWithNoTests: false,
  },
});

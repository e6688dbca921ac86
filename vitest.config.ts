import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Integration tests share one broker and two cores: two files at a time keep them honest.
    maxWorkers: 2,
    env: { CUTOVER_LOG_LEVEL: "warn", UV_THREADPOOL_SIZE: "16" },
    passWithNoTests: false,
  },
});

import { defineConfig } from "vitest/config";
import { compiledCode } from "./ops/migration/compiled-code.ts";
import { LongestFirst } from "./test/longest-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/temporary-folder.ts", "test/global-setup.ts"],
    // A limit is there for what hangs, not for a slow machine: the same one holds wherever a test names none.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000, interval: 100 } },
    // Integration tests share one broker and two cores: of three files at a time, one waits for a fault to pass.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    env: {
      CUTOVER_LOG_LEVEL: "warn",
      UV_THREADPOOL_SIZE: "16",
      // Where the product keeps it too: processes that tests start then start in half the CPU time.
      NODE_COMPILE_CACHE: compiledCode,
    },
    passWithNoTests: false,
  },
});

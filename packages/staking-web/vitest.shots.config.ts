import { defineConfig } from "vitest/config";

// Pictures of the built page in a browser, over the fake node: npm run shots.
export default defineConfig({
  test: { environment: "node", include: ["tests/shots/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 60_000 },
});

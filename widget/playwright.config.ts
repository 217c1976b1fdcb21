/** Settings of the browser tests: Debian's Chromium; most tests on a fake server, a few on the assistant itself. */

import { defineConfig } from "@playwright/test";

const PORT = 5097;

export default defineConfig({
  testDir: "test/browser",
  outputDir: "artefacts/results",
  workers: 1,
  timeout: 20_000,
  expect: { timeout: 6_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/London",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "fake", testIgnore: "**/real/**" },
    { name: "real", testMatch: "**/real/**", use: { baseURL: `http://127.0.0.1:${PORT}` } },
  ],
  webServer: {
    command: "sh -c '.venv/bin/python -m bot content && exec .venv/bin/python -m bot run'",
    cwd: "..",
    url: `http://127.0.0.1:${PORT}/health`,
    env: {
      PORT: String(PORT),
      DATABASE_URL: "sqlite:///var/widget-tests.db",
      SECRET_KEY: "only for the browser tests of the widget",
    },
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
  },
});

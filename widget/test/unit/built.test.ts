/** The script that is served is the one that these sources give, byte for byte, and small. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const BUDGET_BYTES = 30_000;
const root = fileURLToPath(new URL("../..", import.meta.url));
const served = readFileSync(fileURLToPath(new URL("../../../bot/channels/page/widget.js", import.meta.url)));

test("a fresh build gives the bytes that are committed", async () => {
  const [bundle] = [
    await build({ root, configFile: `${root}/vite.config.ts`, logLevel: "error", build: { write: false }, mode: "production" }),
  ].flat();
  if (!bundle || !("output" in bundle)) throw new Error("nothing was built");
  expect(bundle.output).toHaveLength(1);
  const code = bundle.output[0].code;
  expect(code === served.toString("utf8"), "run `make widget` and commit bot/channels/page/widget.js").toBe(true);
}, 60_000);

test(`it weighs at most ${BUDGET_BYTES} bytes gzipped`, () => {
  expect(gzipSync(served, { level: 9 }).length).toBeLessThanOrEqual(BUDGET_BYTES);
});

test.each(["eval(", "new Function", "innerHTML=", "document.cookie", "http://www.google", "sourceMappingURL"])(
  "it has no %s",
  (forbidden) => {
    // Preact sets innerHTML only for dangerouslySetInnerHTML, which nothing here uses.
    const own = served.toString("utf8").replace(/\w+\.innerHTML=\w+\.__html/g, "");
    expect(own.includes(forbidden)).toBe(false);
  },
);

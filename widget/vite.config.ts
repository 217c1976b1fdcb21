/** Builds src/index.ts into one self-contained script that is served by the assistant; also the settings of Vitest. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { helpLines } from "./tools/help-lines.ts";

const source = fileURLToPath(new URL("../content/helplines.yml", import.meta.url));
const virtual = "virtual:help-lines";

function bundledHelpLines(): Plugin {
  return {
    name: "bundled-help-lines",
    resolveId: (id) => (id === virtual ? `\0${virtual}` : null),
    load(id) {
      if (id !== `\0${virtual}`) return null;
      this.addWatchFile(source);
      return `export default ${JSON.stringify(helpLines(readFileSync(source, "utf8")))}`;
    },
  };
}

/** Takes comments and white space out of the stylesheet, which is imported as text and so passed over by the minifier. */
function smallerStyles(): Plugin {
  return {
    name: "smaller-styles",
    enforce: "pre",
    load(id) {
      if (!id.endsWith(".css?raw")) return null;
      const css = readFileSync(id.slice(0, -"?raw".length), "utf8");
      const small = css
        .replace(/\/\*[^]*?\*\//g, "")
        .replace(/\s+/g, " ")
        .replace(/ ?([{};,]) ?/g, "$1")
        .replace(/: /g, ":")
        .replace(/;}/g, "}")
        .trim();
      return `export default ${JSON.stringify(small)}`;
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [bundledHelpLines(), smallerStyles()],
  esbuild: { jsx: "automatic", jsxDev: false, jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: ["es2022", "safari16.4"],
    minify: "terser",
    terserOptions: { module: true, compress: { passes: 3 } },
    lib: { entry: "src/index.ts", name: "IsotretinoinAssistant", formats: ["iife"], fileName: () => "widget.js" },
    outDir: "../bot/channels/page",
    emptyOutDir: false,
    copyPublicDir: false,
    reportCompressedSize: false,
  },
  test: { include: ["test/unit/**/*.test.ts"], environment: "node" },
});

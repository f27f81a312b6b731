import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

// `npm run dev` asks a running `detente serve` for everything but the page itself
const authority = process.env.DETENTE_URL ?? "http://127.0.0.1:8080";
const built = "../src/detente/console";

/** Compress once, so that the service need not for each who asks. */
let into = built;
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  configResolved(config) {
    into = config.build.outDir;
  },
  writeBundle() {
    for (const name of readdirSync(into, { recursive: true, encoding: "utf8" })) {
      if (!/\.(html|js|css|json|svg)$/.test(name)) continue;
      const body = readFileSync(join(into, name));
      // 11 takes seconds for a hundredth less
      const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
      writeFileSync(join(into, `${name}.br`), brotliCompressSync(body, { params }));
      writeFileSync(join(into, `${name}.gz`), gzipSync(body, { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [compressed],
  base: "/console/",
  resolve: {
    // the build whose worker is a file of its own: no script is made at run time
    alias: [{ find: /^maplibre-gl$/, replacement: "maplibre-gl/dist/maplibre-gl-csp.js" }],
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: built,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
  },
  server: { proxy: { "/v1": authority, "/ready": authority } },
});

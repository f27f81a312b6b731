// Renews what is vendored: `npm install && npm run build` in this folder.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const licence = (name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;

await build({
  entryPoints: ["geo.js"],
  outfile: "geo.min.js",
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "geo",
  target: "es2020",
  legalComments: "none",
  charset: "ascii",
});
writeFileSync(
  "LICENSES",
  ["d3-geo", "d3-array", "internmap", "topojson-client"].map(licence).join(`\n${"-".repeat(72)}\n\n`),
);

// Natural Earth 1:50m: only the countries, with their names; arcs stay quantised as they are.
const world = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json", "utf8"));
const countries = world.objects.countries.geometries.map(({ type, arcs, properties }) => ({
  type,
  arcs,
  properties: { name: properties.name },
}));
const land = {
  type: "Topology",
  transform: world.transform,
  arcs: world.arcs,
  objects: { countries: { type: "GeometryCollection", geometries: countries } },
};
writeFileSync("../data/land.json.gz", gzipSync(JSON.stringify(land), { level: 9 }));

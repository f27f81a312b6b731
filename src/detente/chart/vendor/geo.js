// What the pages use of d3-geo and topojson-client; bundled into geo.min.js by build.mjs.
export {
  geoArea,
  geoBounds,
  geoCentroid,
  geoCircle,
  geoContains,
  geoGraticule,
  geoOrthographic,
  geoPath,
} from "d3-geo";
export { feature } from "topojson-client";

/** The ground below: land, shores and borders from world-atlas, by this service, without labels. */

import type { StyleSpecification } from "maplibre-gl";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import coarse from "world-atlas/countries-50m.json?url";
import fine from "world-atlas/countries-10m.json?url";

import type { Palette } from "./colours";

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export interface Ground {
  land: GeoJSON.FeatureCollection;
  borders: GeoJSON.MultiLineString;
}

export const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** Get the ground; the fine one is five times as large, for those who look closely. */
export async function groundOf(closely: boolean): Promise<Ground> {
  const answer = await fetch(closely ? fine : coarse, { credentials: "omit" });
  const atlas = (await answer.json()) as Atlas;
  const { countries, land } = atlas.objects;
  return {
    land: feature(atlas, land) as unknown as GeoJSON.FeatureCollection,
    borders: mesh(atlas, countries as any, (a, b) => a !== b),
  };
}

/** Parallels and meridians, every ten degrees. */
function graticule(): GeoJSON.FeatureCollection {
  const line = (coordinates: number[][]): GeoJSON.Feature => ({
    type: "Feature",
    properties: {},
    geometry: { type: "LineString", coordinates },
  });
  const features: GeoJSON.Feature[] = [];
  for (let lon = -180; lon < 180; lon += 10) {
    const points: number[][] = [];
    for (let lat = -90; lat <= 90; lat += 2) points.push([lon, lat]);
    features.push(line(points));
  }
  for (let lat = -80; lat <= 80; lat += 10) {
    const points: number[][] = [];
    for (let lon = -180; lon <= 180; lon += 2) points.push([lon, lat]);
    features.push(line(points));
  }
  return { type: "FeatureCollection", features };
}

export function styleOf(colours: Palette, globe: boolean): StyleSpecification {
  return {
    version: 8,
    projection: { type: globe ? "globe" : "mercator" },
    sources: {
      land: { type: "geojson", data: EMPTY, tolerance: 0.3 },
      borders: { type: "geojson", data: EMPTY, tolerance: 0.3 },
      graticule: { type: "geojson", data: graticule() },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      {
        id: "graticule",
        type: "line",
        source: "graticule",
        paint: { "line-color": colours.grid, "line-width": 0.8 },
      },
      {
        id: "land",
        type: "fill",
        source: "land",
        paint: { "fill-color": colours.land, "fill-antialias": false },
      },
      {
        id: "shore",
        type: "line",
        source: "land",
        paint: { "line-color": colours.shore, "line-width": 0.9 },
      },
      {
        id: "borders",
        type: "line",
        source: "borders",
        paint: { "line-color": colours.border, "line-width": 1 },
      },
    ],
  };
}

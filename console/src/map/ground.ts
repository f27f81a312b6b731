/** The ground below: land, shores and borders from world-atlas, by this service, without labels. */

import type {
  GeoJSONSource,
  GeoJSONSourceSpecification,
  LayerSpecification,
  Map as GroundMap,
  StyleSpecification,
} from "maplibre-gl";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import coarse from "world-atlas/countries-50m.json?url";
import fine from "world-atlas/countries-10m.json?url";

import type { Palette } from "./colours";

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export interface Ground {
  land: GeoJSON.FeatureCollection;
  shores: GeoJSON.MultiLineString;
  borders: GeoJSON.MultiLineString;
}

export const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** From this zoom on the fine ground is drawn, which is five times as large. */
export const FINE_FROM = 6;

export async function groundOf(closely: boolean): Promise<Ground> {
  const answer = await fetch(closely ? fine : coarse, { credentials: "omit" });
  const atlas = (await answer.json()) as Atlas;
  const { countries, land } = atlas.objects;
  return {
    land: feature(atlas, land) as unknown as GeoJSON.FeatureCollection,
    shores: shoresOf(mesh(atlas, land as any, (a, b) => a === b)),
    borders: mesh(atlas, countries as any, (a, b) => a !== b),
  };
}

/** Land is cut at the antimeridian and at the pole; no shore is there. */
function shoresOf(all: GeoJSON.MultiLineString): GeoJSON.MultiLineString {
  const lines: GeoJSON.Position[][] = [];
  const isEdge = ([lon, lat]: GeoJSON.Position): boolean => Math.abs(lon) > 179.99 || lat < -89.9;
  for (const line of all.coordinates) {
    let run: GeoJSON.Position[] = [];
    line.forEach((point, k) => {
      if (k && isEdge(point) && isEdge(line[k - 1])) {
        if (run.length > 1) lines.push(run);
        run = [];
      }
      run.push(point);
    });
    if (run.length > 1) lines.push(run);
  }
  return { type: "MultiLineString", coordinates: lines };
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

const SOURCES = ["land", "shores", "borders"] as const;

/** Put the ground on a map, once its style is there. */
export function pour(map: GroundMap, ground: Ground, closely: boolean): void {
  for (const name of SOURCES) {
    const data = ground[name];
    const source = map.getSource<GeoJSONSource>(closely ? `${name}-fine` : name);
    source?.setData("coordinates" in data ? { type: "Feature", properties: {}, geometry: data } : data);
  }
}

export function styleOf(colours: Palette, globe: boolean): StyleSpecification {
  const empty: GeoJSONSourceSpecification = { type: "geojson", data: EMPTY, tolerance: 0.3 };
  const ground = (fine: boolean): LayerSpecification[] => {
    const end = fine ? "-fine" : "";
    const zooms = fine ? { minzoom: FINE_FROM } : { maxzoom: FINE_FROM };
    const line = (name: string, colour: string, width: number): LayerSpecification => ({
      id: `${name}${end}`,
      type: "line",
      source: `${name}${end}`,
      ...zooms,
      paint: { "line-color": colour, "line-width": width },
    });
    return [
      {
        id: `land${end}`,
        type: "fill",
        source: `land${end}`,
        ...zooms,
        paint: { "fill-color": colours.land, "fill-antialias": false },
      },
      line("shores", colours.shore, 0.9),
      line("borders", colours.border, 1),
    ];
  };
  return {
    version: 8,
    projection: { type: globe ? "globe" : "mercator" },
    sources: {
      ...Object.fromEntries(SOURCES.flatMap((name) => [[name, empty], [`${name}-fine`, empty]])),
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
      ...ground(false),
      ...ground(true),
    ],
  };
}

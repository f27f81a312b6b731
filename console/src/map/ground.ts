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

import { cutLine, cutRing, type Point } from "../airspace/earth";
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
    land: landOf(feature(atlas, land) as unknown as GeoJSON.FeatureCollection),
    shores: shoresOf(mesh(atlas, land as any, (a, b) => a === b)),
    borders: mesh(atlas, countries as any, (a, b) => a !== b),
  };
}

/** The atlas goes on across the antimeridian and around the pole: a flat map is cut there. */
function landOf(all: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  const polygons: GeoJSON.Position[][][] = [];
  for (const { geometry } of all.features) {
    if (geometry.type !== "MultiPolygon") continue;
    for (const polygon of geometry.coordinates) {
      const [outer] = polygon;
      if (!outer.some((point, k) => k > 0 && jumps(outer[k - 1], point))) polygons.push(polygon);
      else {
        const ring = outer.slice(1).map(([lon, lat]): Point => [lon, lat, 0]);
        for (const part of cutRing(ring)) {
          polygons.push([[...part, part[0]].map(([lon, lat]) => [lon, lat])]);
        }
      }
    }
  }
  const geometry: GeoJSON.MultiPolygon = { type: "MultiPolygon", coordinates: polygons };
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry }] };
}

function shoresOf({ coordinates }: GeoJSON.MultiLineString): GeoJSON.MultiLineString {
  const lines = coordinates.flatMap((line) =>
    cutLine(line.map(([lon, lat]): Point => [lon, lat, 0])),
  );
  return { type: "MultiLineString", coordinates: lines.filter((line) => !line.every(isEdge)) };
}

function jumps(a: GeoJSON.Position, b: GeoJSON.Position): boolean {
  return Math.abs(a[0] - b[0]) > 180;
}

function isEdge([lon, lat]: GeoJSON.Position): boolean {
  return Math.abs(lon) > 179.99 || lat < -89.9;
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

/** Put the ground on a map, once its style is there; the fine one takes the coarse one's place. */
export function pour(map: GroundMap, ground: Ground, closely: boolean): void {
  for (const name of SOURCES) {
    const data = ground[name];
    const source = map.getSource<GeoJSONSource>(closely ? `${name}-fine` : name);
    source?.setData("coordinates" in data ? { type: "Feature", properties: {}, geometry: data } : data);
    if (closely && map.getLayer(name)) map.setLayerZoomRange(name, 0, FINE_FROM);
  }
}

export function styleOf(colours: Palette, globe: boolean): StyleSpecification {
  const empty: GeoJSONSourceSpecification = { type: "geojson", data: EMPTY, tolerance: 0.3 };
  const ground = (fine: boolean): LayerSpecification[] => {
    const end = fine ? "-fine" : "";
    const zooms = fine ? { minzoom: FINE_FROM } : {};
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

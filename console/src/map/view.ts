/** The map itself: the ground by MapLibre, what moves on it by deck.gl, and the loop of frames. */

import maplibregl, { type Map as GroundMap } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-csp-worker.js?url";

import { boxOf, capOf, zoomOf } from "../airspace/box";
import { MAP_END, circle, type Point } from "../airspace/earth";
import { spanOf } from "../airspace/flight";
import { isPath, type Volume4D } from "../airspace/nouns";
import { shown, type Sky } from "../airspace/sky";
import { head } from "../bar/time";
import { choose, chooseNothing, chosen, followed } from "../panels/chosen";
import { palette } from "./colours";
import { meetingLayers, type Side } from "./comparison";
import { FINE_FROM, groundOf, pour, styleOf, type Ground } from "./ground";
import { overlay } from "./overlay";
import { Scene, type Frame } from "./scene";
import { sketch, sketchLayers, type Sketch } from "./sketch";

maplibregl.setWorkerUrl(worker);

/** Of 2D, and of how much higher than wide the world is drawn in 3D. */
const LIFT = 4;
/** A mark that would move by less than this share of a pixel needs no new frame. */
const A_PIXEL = 0.3;
const FASTEST = 340;
const LABELS_EVERY = 400;
/** Milliseconds ahead of now from which on what is planned is shown, and no more what is seen. */
const AHEAD = 60_000;
/** Pixels around what is shown when all is, and how near that may be. */
const ROOM = 60;
const NEAREST = 9;
/** Milliseconds after which the ground is asked for again. */
const AGAIN = 3000;
const NONE: ReadonlySet<string> = new Set();

export type Click = (at: [lon: number, lat: number]) => void;

export class MapView {
  readonly map: GroundMap;
  readonly scene = new Scene();
  /** What stands still is drawn again only when it changes; what moves is drawn above it. */
  private readonly still = overlay(false);
  private readonly moving = overlay(true);
  private readonly grounds = new Map<boolean, Ground | null>();
  private raised = false;
  private globe = false;
  private fitted = false;
  private drawnAt = 0;
  private labelled = 0;
  private handle = 0;
  private last = "";
  private sketched: Sketch | null = null;
  private clicked: Click | null = null;
  /** What is shown instead of the airspace. */
  private side: Side | null = null;
  /** The map beside this one, which looks where this one does. */
  private beside: MapView | null = null;
  /** Draw every frame, whatever moved: for who measures. */
  restless = false;

  /** @param first the map that this one is beside, and looks where it does */
  constructor(container: HTMLElement, first: MapView | null = null) {
    this.map = new maplibregl.Map({
      container,
      style: styleOf(palette.peek(), false),
      center: first?.map.getCenter() ?? [9, 47],
      zoom: first?.map.getZoom() ?? 4,
      pitch: first?.map.getPitch() ?? 0,
      bearing: first?.map.getBearing() ?? 0,
      minZoom: 0.5,
      maxZoom: 16,
      maxPitch: 75,
      attributionControl: false,
      fadeDuration: 0,
      // two fingers, or the key with the wheel, are not needed: the page does not scroll
      cooperativeGestures: false,
    });
    this.map.addControl(this.still as any);
    this.map.addControl(this.moving as any);
    this.map.on("load", () => {
      this.recolour();
      void this.lay(false);
    });
    this.map.on("zoom", () => {
      if (this.map.getZoom() >= FINE_FROM - 0.5) void this.lay(true);
    });
    this.map.on("click", (event) => this.click(event.point, event.lngLat.wrap().toArray()));
    this.map.on("dragstart", () => (followed.value = null));
    container.addEventListener("pointerdown", () => (this.held = true));
    addEventListener("pointerup", this.release);
    addEventListener("pointercancel", this.release);
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow") && !event.shiftKey) followed.value = null;
    });
    this.name("the airspace");
    if (first) this.accompany(first);
    document.addEventListener("visibilitychange", this.wake);
    this.wake();
    // nobody listens but who measures the page (benchmarks/console.py)
    container.dispatchEvent(new CustomEvent("mapview", { detail: this, bubbles: true }));
  }

  private removed = false;
  private second = false;

  private accompany(first: MapView): void {
    this.raised = first.raised;
    this.globe = first.globe;
    this.fitted = true;
    this.second = true;
    first.beside = this;
    let moving = false;
    const follow = (from: GroundMap, to: GroundMap) => (): void => {
      if (moving) return;
      moving = true;
      to.jumpTo({
        center: from.getCenter(),
        zoom: from.getZoom(),
        bearing: from.getBearing(),
        pitch: from.getPitch(),
      });
      moving = false;
    };
    const there = follow(first.map, this.map);
    first.map.on("move", there);
    this.map.on("move", follow(this.map, first.map));
    this.leave = () => {
      first.map.off("move", there);
      first.beside = null;
    };
  }

  private leave = (): void => {};

  remove(): void {
    this.removed = true;
    this.leave();
    cancelAnimationFrame(this.handle);
    document.removeEventListener("visibilitychange", this.wake);
    removeEventListener("pointerup", this.release);
    removeEventListener("pointercancel", this.release);
    this.map.remove();
  }

  /** Take the next click on the map for a place; null to choose things again. */
  ask(click: Click | null): void {
    this.clicked = click;
    this.map.getCanvas().style.cursor = click ? "crosshair" : "";
  }

  private name(what: string): void {
    const words = `Map of ${what}; arrows move it, + and - zoom`;
    this.map.getCanvas().setAttribute("aria-label", words);
  }

  /** Show another picture, or the airspace again. */
  show(side: Side | null): void {
    if (side === this.side) return;
    const begins = side !== null && this.side === null;
    this.side = side;
    this.name(side ? `the airspace, ${side.name.toLowerCase()} the plan` : "the airspace");
    this.last = "";
    // once the page has made room for the map beside it
    if (begins && !this.second) {
      requestAnimationFrame(() => {
        if (this.removed) return;
        this.map.resize();
        this.fit();
      });
    }
  }

  private get sky(): Sky {
    return this.side?.sky ?? shown();
  }

  recolour(): void {
    // not another style: with it the ground would be read and cut again
    for (const { id, paint } of styleOf(palette.peek(), this.globe).layers) {
      if (!this.map.getLayer(id)) continue;
      for (const [name, value] of Object.entries(paint ?? {})) {
        this.map.setPaintProperty(id, name, value);
      }
    }
    this.last = "";
  }

  setGlobe(globe: boolean): void {
    this.globe = globe;
    this.beside?.setGlobe(globe);
    this.map.setProjection({ type: globe ? "globe" : "mercator" });
    this.last = "";
  }

  setRaised(raised: boolean): void {
    this.raised = raised;
    if (this.beside) {
      this.beside.raised = raised;
      this.beside.last = "";
    }
    this.map.easeTo({ pitch: raised ? 55 : 0, duration: calm() ? 0 : 500 });
    this.last = "";
  }

  flyTo(lon: number, lat: number, zoom = Math.max(this.map.getZoom(), 8)): void {
    followed.value = null;
    this.map.easeTo({ center: [lon, lat], zoom, duration: calm() ? 0 : 700 });
  }

  /** Show everything that is declared and seen now. */
  fit(): void {
    followed.value = null;
    const all: Point[] = [];
    const add = (volumes: readonly Volume4D[]): void => {
      for (const { corners, centre, radius } of volumes) {
        for (const [lat, lon] of corners) all.push([lon, lat, 0]);
        if (centre) all.push(...circle(centre[0], centre[1], radius, 8));
      }
    };
    const { sky } = this;
    for (const intent of sky.intents.rows.values()) {
      const extent = intent.extent ?? intent.asked;
      if (!extent || intent.state === "ended") continue;
      if (!this.side && spanOf(extent)[1] < head.at) continue;
      if (isPath(extent)) extent.lat.forEach((lat, k) => all.push([extent.lon[k], lat, 0]));
      else add(extent);
    }
    for (const { track } of sky.tracks.rows.values()) all.push([track.fix[2], track.fix[1], 0]);
    for (const one of sky.constraints.rows.values()) add(one.volumes);
    if (!all.length) return;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const padding = Math.min(ROOM, clientWidth / 6, clientHeight / 6);
    if (this.globe) {
      const cap = capOf(all)!;
      const pixels = Math.min(clientWidth, clientHeight) - 2 * padding;
      this.map.jumpTo({ center: [cap.lon, cap.lat], zoom: Math.min(NEAREST, zoomOf(cap, pixels)) });
      return;
    }
    // near a pole longitudes are all around, and a flat map has not much of it
    const most = all.filter(([, lat]) => Math.abs(lat) < MAP_END);
    const { west, south, east, north } = boxOf(most.length ? most : all)!;
    this.map.fitBounds([[west, south], [east, north]], {
      padding, maxZoom: NEAREST, duration: 0,
    });
  }

  /** How many marks and closed places lie beyond the end of the map as it is. */
  get beyond(): number {
    return this.globe ? 0 : this.scene.beyond(MAP_END);
  }

  /** Get the ground, coarse or fine, where that was not done. */
  private async lay(closely: boolean): Promise<void> {
    if (this.grounds.has(closely)) return;
    this.grounds.set(closely, null);
    let ground: Ground;
    try {
      ground = await groundOf(closely);
    } catch {
      // the connection was lost meanwhile
      this.grounds.delete(closely);
      if (!this.removed) setTimeout(() => void this.lay(closely), AGAIN);
      return;
    }
    if (this.removed) return;
    this.grounds.set(closely, ground);
    this.pour();
  }

  private pour(): void {
    for (const [closely, ground] of this.grounds) if (ground) pour(this.map, ground, closely);
  }

  private click(point: { x: number; y: number }, at: number[]): void {
    if (this.clicked) {
      this.clicked([at[0], at[1]]);
      return;
    }
    const where = { x: point.x, y: point.y, radius: 8 } as any;
    const found = (this.moving.pickObject(where) ?? this.still.pickObject(where)) as any;
    const layer: string = found?.layer?.id ?? "";
    if (layer === "seen" || layer === "planned") {
      const [kind, id] = split(this.scene.aircraft.nameOf(layer, found.index));
      choose(kind as "track" | "intent", id);
    } else if (["intents", "bold", "chosen-line"].includes(layer)) {
      const names = (found.layer.props.data as { names: string[] }).names;
      choose("intent", names[found.index]);
    } else if (layer.startsWith("constraints-")) choose("constraint", found.object.name);
    else if (/^(chosen-)?volumes-|^adrift-/.test(layer)) choose("intent", found.object.name);
    else if (layer.startsWith("meetings")) choose("intent", found.object.a);
    else if (layer.startsWith("avoid-")) choose("alert", found.object.name);
    else chooseNothing();
  }

  private held = false;
  private readonly release = (): void => void (this.held = false);

  private readonly wake = (): void => {
    cancelAnimationFrame(this.handle);
    if (!document.hidden) this.handle = requestAnimationFrame(this.tick);
  };

  private readonly tick = (): void => {
    this.handle = requestAnimationFrame(this.tick);
    this.frame(performance.now());
  };

  private frame(now: number): void {
    const { sky } = this;
    const canvas = this.map.getCanvas();
    const frame: Frame = {
      time: head.at,
      ahead: head.at - head.now > AHEAD,
      zoom: this.map.getZoom(),
      lift: this.raised ? LIFT : 0,
      whole: this.side !== null,
      bold: this.side?.bold ?? NONE,
      colours: palette.peek(),
      chosen: chosen.peek(),
      wall: now,
      // asked only where it is needed: the browser lays the page out for it
      get size() {
        return [canvas.clientWidth, canvas.clientHeight] as [number, number];
      },
      project: ([lon, lat]) => {
        // in that copy of the world which is looked at
        const middle = this.map.getCenter().lng;
        return this.map.project([lon + 360 * Math.round((middle - lon) / 360), lat]);
      },
    };
    if (!this.fitted && (sky.intents.rows.size || sky.tracks.rows.size)) {
      this.fitted = true;
      this.fit();
    }
    const changed = this.scene.update(sky, frame);
    const deck = (this.moving as any)._deck;
    const look = `${frame.zoom >= 7}|${frame.zoom > 5}|${frame.zoom >= 9.5}|${frame.lift}|${frame.colours.dark}`;
    const moved = Math.abs(frame.time - this.drawnAt) / 1000 * FASTEST;
    const stale = moved > A_PIXEL * this.metresPerPixel();
    const due = now - this.labelled > LABELS_EVERY && (stale || changed.moving);
    const drawn = sketch.peek();
    const anew = look !== this.last;
    if (changed.still || anew || drawn !== this.sketched) {
      this.sketched = drawn;
      this.still.setProps({
        layers: [
          ...this.scene.still(sky, frame),
          ...sketchLayers(drawn, frame.colours, frame.lift),
          ...meetingLayers(this.side?.meetings ?? [], frame.colours),
        ],
      });
    }
    if (changed.still || changed.moving || anew || due) {
      const write = due || anew || changed.still;
      if (write) this.labelled = now;
      this.moving.setProps({ layers: this.scene.moving(sky, frame, write) });
    } else if (!stale && !this.restless) return;
    this.last = look;
    this.drawnAt = frame.time;
    this.follow(frame.time);
    if (deck?.isInitialized) deck.redraw("time");
  }

  private follow(time: number): void {
    const mark = followed.peek();
    // a jump would end the drag that begins
    if (mark === null || this.second || this.held) return;
    const at = this.scene.aircraft.where(mark, time);
    if (at && !this.map.isMoving()) this.map.jumpTo({ center: [at[0], at[1]] });
  }

  private metresPerPixel(): number {
    const lat = (this.map.getCenter().lat * Math.PI) / 180;
    return (78_271.5 * Math.max(0.05, Math.cos(lat))) / 2 ** this.map.getZoom();
  }
}

function split(mark: string): [string, string] {
  const at = mark.indexOf(":");
  return [mark.slice(0, at), mark.slice(at + 1)];
}

/** Whether its user asked for less motion. */
function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

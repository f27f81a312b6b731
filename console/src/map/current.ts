/** The map that is on the page; panels ask it to go somewhere, and for places. */

import { signal } from "@preact/signals";

import type { MapView } from "./view";

export const mapView = signal<MapView | null>(null);

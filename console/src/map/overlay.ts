/** What is drawn by deck.gl above the ground, and looks where the ground does. */

import { MapboxOverlay } from "@deck.gl/mapbox";

/** @param crisp whether what it draws has soft edges of its own: then the card need not make them. */
export function overlay(crisp: boolean): MapboxOverlay {
  const made: MapboxOverlay = new MapboxOverlay({
    interleaved: false,
    layers: [],
    pickingRadius: 6,
    deviceProps: { webgl: { antialias: !crisp } },
    // it has a tooltip, not used here, for whose place the page would be laid out at each frame
    onLoad: () => {
      const { widgetManager } = (made as any)._deck;
      widgetManager.finalize();
      widgetManager.containers = {};
    },
  } as any);
  return made;
}

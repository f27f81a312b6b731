// Sea, land, borders and country names under everything else.

class Land {
  static async read(text) {
    const topology = JSON.parse(new TextDecoder().decode(await inflate(text)));
    return new Land(geo.feature(topology, topology.objects.countries).features);
  }

  constructor(countries) {
    // Each island by itself, so that what is out of view costs nothing.
    this.pieces = [];
    this.names = [];
    for (const { geometry, properties } of countries) {
      const polygons =
        geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      let largest = null;
      for (const coordinates of polygons) {
        const shape = { type: "Polygon", coordinates };
        const [x, y, z, radius] = around(coordinates[0]);
        const piece = { shape, x, y, z, radius, rings: straightRings(coordinates) };
        this.pieces.push(piece);
        if (!largest || radius > largest.radius) largest = piece;
      }
      if (largest) {
        const [lon, lat] = geo.geoCentroid(largest.shape);
        this.names.push({ name: properties.name, lon, lat, radius: largest.radius });
      }
    }
    this.names.sort((a, b) => b.radius - a.radius);
  }

  draw(ctx, globe) {
    const path = geo.geoPath(globe.projection, ctx);
    const horizon = globe.scale < Math.hypot(globe.cx, globe.cy);
    ctx.clearRect(0, 0, globe.width, globe.height);
    ctx.fillStyle = theme.sea;
    if (horizon) {
      ctx.beginPath();
      ctx.arc(globe.cx, globe.cy, globe.scale, 0, 2 * Math.PI);
      ctx.fill();
    } else {
      ctx.fillRect(0, 0, globe.width, globe.height);
    }
    this.outlines = this.pieces
      .filter((p) => p.radius * globe.scale > 0.7 && globe.sees(p.x, p.y, p.z, p.radius))
      .map((piece) => outlinePiece(piece, globe));
    ctx.fillStyle = theme.land;
    for (const outline of this.outlines) ctx.fill(outline);
    this.#grid(ctx, globe, path);
    if (horizon) {
      ctx.beginPath();
      ctx.arc(globe.cx, globe.cy, globe.scale, 0, 2 * Math.PI);
      ctx.strokeStyle = theme.border;
      ctx.stroke();
    }
  }

  /** Draw the borders of the last `draw`, over the tracks. */
  drawBorders(ctx, globe) {
    ctx.lineJoin = "round";
    ctx.lineWidth = globe.pixelsPerMile > 1 ? 1 : 0.6;
    ctx.strokeStyle = theme.border;
    for (const outline of this.outlines) ctx.stroke(outline);
  }

  #grid(ctx, globe, path) {
    const span = (globe.reach / RADIANS) * 2;
    const step = [30, 10, 5, 2, 1, 0.5].find((degrees) => span / degrees > 5) ?? 0.25;
    const lines = geo.geoGraticule().step([step, step]).stepMinor([step, step]).precision(2);
    if (span < 60) {
      const [lon, lat] = [globe.lon, globe.lat];
      const wide = Math.min(180, span / Math.max(0.05, Math.cos(lat * RADIANS)));
      lines.extent([
        [round(lon - wide, step), Math.max(-90, round(lat - span, step))],
        [round(lon + wide, step), Math.min(90, round(lat + span, step))],
      ]);
    }
    ctx.beginPath();
    path(lines());
    ctx.lineWidth = 0.5;
    ctx.strokeStyle = theme.grid;
    ctx.stroke();
  }

  /** Write the names of the countries that are large enough to hold them. */
  drawNames(ctx, globe) {
    ctx.font = "500 11px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = theme.place;
    ctx.letterSpacing = "1.5px";
    for (const { name, lon, lat, radius } of this.names) {
      const at = globe.point(lon, lat);
      const shown = name.toUpperCase();
      if (!at || !globe.inside(at) || radius * globe.scale < 5 * shown.length) continue;
      ctx.fillText(shown, at[0], at[1]);
    }
    ctx.letterSpacing = "0px";
  }
}

/** Rings as unit vectors, or null where a side is so long that it bends in the view. */
function straightRings(coordinates) {
  const rings = [];
  for (const ring of coordinates) {
    const places = new Float32Array(3 * ring.length);
    let last = null;
    for (let i = 0; i < ring.length; i++) {
      const place = unit(...ring[i]);
      if (last && place[0] * last[0] + place[1] * last[1] + place[2] * last[2] < 0.9995) return null;
      places.set(place, 3 * i);
      last = place;
    }
    rings.push(places);
  }
  return rings;
}

/** Outline a piece of land. d3 clips what the horizon cuts; the rest needs no clipping. */
function outlinePiece(piece, globe) {
  const outline = new Path2D();
  const [o0, o1, o2] = globe.out;
  const ahead = o0 * piece.x + o1 * piece.y + o2 * piece.z;
  if (!piece.rings || Math.acos(Math.min(1, ahead)) + piece.radius > 1.55) {
    geo.geoPath(globe.projection, outline)(piece.shape);
    return outline;
  }
  const { east: e, north: n, cx, cy, scale } = globe;
  for (const ring of piece.rings) {
    let [lastX, lastY] = [Infinity, Infinity];
    for (let k = 0; k < ring.length; k += 3) {
      const px = cx + scale * (e[0] * ring[k] + e[1] * ring[k + 1]);
      const py = cy - scale * (n[0] * ring[k] + n[1] * ring[k + 1] + n[2] * ring[k + 2]);
      if (Math.abs(px - lastX) + Math.abs(py - lastY) < 0.9) continue;
      if (k) outline.lineTo(px, py);
      else outline.moveTo(px, py);
      [lastX, lastY] = [px, py];
    }
    outline.closePath();
  }
  return outline;
}

const round = (value, step) => Math.round(value / step) * step;

/** A cap of the sphere around a ring: unit vector and radius. */
function around(ring) {
  const points = ring.map(([lon, lat]) => unit(lon, lat));
  let [x, y, z] = [0, 0, 0];
  for (const p of points) {
    x += p[0];
    y += p[1];
    z += p[2];
  }
  const length = Math.hypot(x, y, z) || 1;
  [x, y, z] = [x / length, y / length, z / length];
  let nearest = 1;
  for (const p of points) nearest = Math.min(nearest, x * p[0] + y * p[1] + z * p[2]);
  return [x, y, z, Math.acos(Math.max(-1, nearest))];
}

/** Draw a scale bar of a round number of nautical miles. */
function drawScale(ctx, globe) {
  const fits = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5].find(
    (miles) => miles * globe.pixelsPerMile <= 120,
  );
  if (!fits) return;
  const [left, y, width] = [14, globe.height - 14, fits * globe.pixelsPerMile];
  ctx.strokeStyle = theme.soft;
  ctx.fillStyle = theme.soft;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(left, y - 4);
  ctx.lineTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.lineTo(left + width, y - 4);
  ctx.stroke();
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(`${fits} NM`, left + 5, y - 3);
}

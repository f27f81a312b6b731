// Volumes and constraints: outlined always, filled while they hold.

class Volumes {
  constructor(rows) {
    this.rows = rows.map((row) => ({ ...row, shape: outline(row) }));
    for (const row of this.rows) {
      [row.x, row.y, row.z, row.radius] = around(row.shape.coordinates[0]);
    }
  }

  holds(row, time) {
    return (row.start === null || row.start <= time) && (row.end === null || time <= row.end);
  }

  draw(ctx, globe, time) {
    const path = geo.geoPath(globe.projection, ctx);
    for (const row of this.rows) {
      if (!globe.sees(row.x, row.y, row.z, row.radius)) continue;
      ctx.beginPath();
      path(row.shape);
      const holds = this.holds(row, time);
      ctx.fillStyle = theme.volume;
      ctx.globalAlpha = holds ? 0.14 : 0.03;
      ctx.fill();
      ctx.globalAlpha = holds ? 0.95 : 0.45;
      ctx.strokeStyle = theme.volume;
      ctx.lineWidth = holds ? 1.6 : 1;
      ctx.setLineDash(holds ? [] : [5, 4]);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.globalAlpha = 1;
      this.#name(ctx, globe, row);
    }
  }

  #name(ctx, globe, row) {
    const at = globe.vector(row.x, row.y, row.z);
    if (!at || row.radius * globe.scale < 34) return;
    ctx.font = "11px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.land;
    ctx.fillStyle = theme.volume;
    [shorten(row.id, 24), `${row.lower}–${row.upper}`].forEach((line, i) => {
      ctx.strokeText(line, at[0], at[1] - 7 + 14 * i);
      ctx.fillText(line, at[0], at[1] - 7 + 14 * i);
    });
  }

  /** Find the volume under a place, the smallest first. */
  find(lon, lat) {
    const holding = this.rows.filter((row) => geo.geoContains(row.shape, [lon, lat]));
    return holding.sort((a, b) => a.radius - b.radius)[0] ?? null;
  }
}

/** The outline as GeoJSON; of the two sides of a ring the smaller is the inside. */
function outline(row) {
  if (row.centre) return geo.geoCircle().center(row.centre).radius(row.degrees)();
  const shape = { type: "Polygon", coordinates: [[...row.corners, row.corners[0]]] };
  if (geo.geoArea(shape) > 2 * Math.PI) shape.coordinates[0].reverse();
  return shape;
}

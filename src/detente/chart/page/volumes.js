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

  /** How a volume looks, whether it holds now or not; null where it is not drawn. */
  style(row, holds) {
    return {
      colour: theme.volume,
      fill: theme.volume,
      inside: holds ? 0.14 : 0.03,
      border: holds ? 0.95 : 0.45,
      width: holds ? 1.6 : 1,
      dash: holds ? [] : [5, 4],
      named: true,
    };
  }

  draw(ctx, globe, time) {
    for (const row of this.rows) this.drawOne(ctx, globe, row, this.style(row, this.holds(row, time)));
  }

  drawOne(ctx, globe, row, style) {
    if (!style || !globe.sees(row.x, row.y, row.z, row.radius)) return;
    ctx.beginPath();
    geo.geoPath(globe.projection, ctx)(row.shape);
    ctx.fillStyle = style.fill;
    ctx.globalAlpha = style.inside;
    ctx.fill();
    ctx.globalAlpha = style.border;
    ctx.strokeStyle = style.colour;
    ctx.lineWidth = style.width;
    ctx.setLineDash(style.dash);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    if (style.named) this.#name(ctx, globe, row, style.colour);
  }

  #name(ctx, globe, row, colour) {
    const at = globe.vector(row.x, row.y, row.z);
    if (!at || row.radius * globe.scale < 34) return;
    ctx.font = "11px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.land;
    ctx.fillStyle = colour;
    [shorten(row.id, 24), `${row.lower}–${row.upper}`].forEach((line, i) => {
      ctx.strokeText(line, at[0], at[1] - 7 + 14 * i);
      ctx.fillText(line, at[0], at[1] - 7 + 14 * i);
    });
  }

  /** Find the volume under a place, the smallest first; of those that may be `among`. */
  find(lon, lat, among = () => true) {
    const [x, y, z] = unit(lon, lat);
    const near = (row) => row.x * x + row.y * y + row.z * z >= Math.cos(row.radius);
    const holding = this.rows.filter(
      (row) => near(row) && among(row) && geo.geoContains(row.shape, [lon, lat]),
    );
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

/** Draws marks: a shape each, crisp at any size, where it is at the time that is shown. */

import { Layer, project32, picking, type DefaultProps, type LayerProps } from "@deck.gl/core";
import { Model } from "@luma.gl/engine";

export interface Shown {
  /** Seconds after the marks' base. */
  seconds: number;
  /** What a metre of height is drawn as: 0 for a flat map. */
  lift: number;
  /** Of all sizes: from afar, where there are many, marks are smaller. */
  scale: number;
}

interface MarkProps {
  shown: Shown;
  /** What lies around a mark, so that it stands out from what is below. */
  halo: [number, number, number];
}

const block = `\
layout(std140) uniform markUniforms {
  float seconds;
  float lift;
  float scale;
  vec3 halo;
} mark;
`;

const markUniforms = {
  name: "mark",
  vs: block,
  fs: block,
  source: "",
  uniformTypes: { seconds: "f32", lift: "f32", scale: "f32", halo: "vec3<f32>" },
} as const;

// A point each: what draws in software takes long for each instance, and one vertex is a quarter of
// the work on any card.
const vs = `#version 300 es
#define SHADER_NAME mark-vertex
in vec3 positions;
in vec3 positions64Low;
in vec3 velocities;
in float since;
in float shapes;
in float angles;
in float sizes;
in vec4 colors;
flat out vec4 vColor;
flat out vec2 vNose;
flat out float vHalf;
flat out float vSize;
flat out float vDots;
flat out int vShape;

void main(void) {
  // far off only the large part of a position is looked at; near, the small part has the digits
  vec3 way = velocities * min(mark.seconds - since, 180.0);
  vec3 there = positions + way;
  vec3 rest = positions64Low + (way - (there - positions));
  vec3 high = vec3(there.xy, there.z * mark.lift);
  vec3 low = vec3(rest.xy, rest.z * mark.lift);
  geometry.worldPosition = high;
  geometry.pickingColor = picking_getPickingColorFromIndex(float(gl_VertexID));
  gl_Position = project_position_to_clipspace(high, low, vec3(0.0), geometry.position);
  bool hidden = shapes < -0.5;
  if (project.projectionMode == PROJECTION_MODE_GLOBE) {
    // what the Earth hides is not drawn
    vec3 up = normalize(geometry.position.xyz);
    vec3 sight = project.cameraPosition - geometry.position.xyz;
    hidden = hidden || dot(up, sight) < 0.0;
  } else if (abs(there.y) > 85.06) {
    // beyond the end of a flat map
    hidden = true;
  }
  DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
  float a = radians(angles);
  // where north is on the screen, found by going a little way there
  vec4 ahead = project_position_to_clipspace(
    high, low + vec3(0.0, positions.y > 84.0 ? -0.01 : 0.01, 0.0), vec3(0.0));
  vec2 north = (ahead.xy / ahead.w - gl_Position.xy / gl_Position.w) * project.viewportSize;
  north = length(north) > 0.0 ? normalize(north) : vec2(0.0, 1.0);
  if (positions.y > 84.0) north = -north;
  vNose = north * cos(a) + vec2(north.y, -north.x) * sin(a);
  vSize = sizes * mark.scale;
  // no larger than the shape and its halo, however it is turned: each pixel of it costs
  vHalf = 0.82 * vSize + 2.0;
  gl_PointSize = hidden ? 0.0 : 2.0 * vHalf * project.devicePixelRatio;
  if (hidden) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  vDots = project.devicePixelRatio;
  vShape = int(shapes + 0.5);
  vColor = colors;
  // what was not seen for a minute is faint; of a path it is known all the time
  if (vShape != 3 && mark.seconds - since > 60.0) vColor.a *= 0.47;
  DECKGL_FILTER_COLOR(vColor, geometry);
}
`;

// distances to the shapes' edges in pixels, negative inside; the nose is at +y
const fs = `#version 300 es
#define SHADER_NAME mark-fragment
precision highp float;
flat in vec4 vColor;
flat in vec2 vNose;
flat in float vHalf;
flat in float vSize;
flat in float vDots;
flat in int vShape;
out vec4 fragColor;

float triangle(vec2 p, float r) {
  vec2 q = vec2(abs(p.x), p.y);
  return max(dot(q, vec2(0.894, 0.447)) - 0.42 * r, -q.y - 0.7 * r);
}

void main(void) {
  vec2 at = (2.0 * gl_PointCoord - 1.0) * vec2(vHalf, -vHalf);
  vec2 p = vec2(at.x * vNose.y - at.y * vNose.x, dot(at, vNose));
  float r = vSize * 0.55;
  float d;
  if (vShape == 0) {          // a chevron: flown as declared
    d = max(triangle(p, 1.15 * r), -triangle(p + vec2(0.0, 0.62 * r), 0.98 * r));
  } else if (vShape == 1) {   // a diamond with a nose: not as declared
    d = (abs(p.x) * 1.25 + abs(p.y) - 1.15 * r) * 0.63;
    d = max(d, 0.13 * r - length(p));
  } else if (vShape == 2) {   // a hollow triangle: not declared
    d = abs(triangle(p, 1.25 * r)) - 0.13 * r;
  } else if (vShape == 3) {   // a ring: where it is planned to be
    d = abs(length(p) - 0.55 * r) - 0.10 * r;
  } else {                    // a dot: too little was seen to say
    d = length(p) - 0.42 * r;
  }
  // a pixel of the card's is where an edge is soft
  float ink = clamp(0.5 - d * vDots, 0.0, 1.0);
  float around = clamp(0.5 + (1.6 - d) * vDots, 0.0, 1.0) * 0.85;
  if (around <= 0.01) discard;
  fragColor = vec4(mix(mark.halo, vColor.rgb, ink), mix(around, 1.0, ink) * vColor.a);
  DECKGL_FILTER_COLOR(fragColor, geometry);
}
`;

const defaultProps: DefaultProps<MarkProps> = {
  shown: { type: "object", value: { seconds: 0, lift: 0, scale: 1 }, compare: false },
  halo: { type: "array", value: [1, 1, 1] },
};

export class MarkLayer extends Layer<MarkProps & LayerProps> {
  static layerName = "MarkLayer";
  static defaultProps = defaultProps as any;

  declare state: { model?: Model };

  getShaders(): any {
    return super.getShaders({ vs, fs, modules: [project32, picking, markUniforms] });
  }

  initializeState(): void {
    const none = { size: 1, type: "float32" as const };
    this.getAttributeManager()!.add({
      positions: {
        size: 3,
        type: "float64",
        fp64: this.use64bitPositions(),
        accessor: "getPosition",
      },
      velocities: { size: 3, type: "float32", accessor: "getVelocity" },
      since: { ...none, accessor: "getSince" },
      shapes: { ...none, accessor: "getShape" },
      angles: { ...none, accessor: "getAngle" },
      sizes: { ...none, accessor: "getSize" },
      colors: { size: 4, type: "unorm8", accessor: "getColor" },
    } as any);
  }

  updateState(params: any): void {
    super.updateState(params);
    if (params.changeFlags.extensionsChanged) {
      this.state.model?.destroy();
      this.state.model = this.makeModel();
      this.getAttributeManager()!.invalidateAll();
    }
  }

  draw(): void {
    const { shown, halo } = this.props as unknown as MarkProps;
    const model = this.state.model as Model;
    model.shaderInputs.setProps({ mark: { ...shown, halo } });
    model.setVertexCount(this.getNumInstances());
    model.draw(this.context.renderPass);
  }

  private makeModel(): Model {
    return new Model(this.context.device, {
      ...this.getShaders(),
      id: this.props.id,
      bufferLayout: this.getAttributeManager()!.getBufferLayouts(),
      topology: "point-list",
      isInstanced: false,
    });
  }
}

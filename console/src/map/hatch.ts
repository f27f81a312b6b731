/** What is done to layers: stripes, soft edges, and nothing of what the Earth hides. */

import { LayerExtension } from "@deck.gl/core";

/** Stripes over an area: a closed place is told from others without its colour. */
export class Stripes extends LayerExtension {
  static extensionName = "Stripes";

  getShaders(): any {
    return {
      inject: {
        "fs:DECKGL_FILTER_COLOR": `
          if (mod(gl_FragCoord.x - gl_FragCoord.y, 14.0) > 4.0) color.a *= 0.35;
        `,
      },
    };
  }
}

/**
 * Nothing is drawn of what lies behind the Earth, where it is seen as a globe, nor of what lies
 * beyond the end of a flat map.
 */
export class Horizon extends LayerExtension {
  static extensionName = "Horizon";

  getShaders(): any {
    return {
      inject: {
        "vs:#decl": "out float vBehind;",
        "vs:DECKGL_FILTER_GL_POSITION": `
          vBehind = 85.06 - abs(geometry.worldPosition.y);
          if (project.projectionMode == PROJECTION_MODE_GLOBE) {
            vBehind = dot(normalize(geometry.position.xyz),
                          project.cameraPosition - geometry.position.xyz);
          }
        `,
        "fs:#decl": "in float vBehind;",
        "fs:DECKGL_FILTER_COLOR": "if (vBehind < 0.0) discard;",
      },
    };
  }
}

/** Soft edges of a line of so many pixels, where the card makes none. */
export class Soft extends LayerExtension<{ width: number }> {
  static extensionName = "Soft";

  constructor(width: number) {
    super({ width });
  }

  getShaders(this: any, extension: any): any {
    return {
      inject: {
        "fs:DECKGL_FILTER_COLOR": `
          color.a *= clamp((1.0 - abs(geometry.uv.x)) * ${(extension.opts.width / 2).toFixed(2)}, 0.0, 1.0);
        `,
      },
    };
  }
}

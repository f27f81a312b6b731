// How an intent looks in each state: by colour, by the dashes of its way, by the shape of its mark.

const DART = [[0, 1.5], [0.85, -1], [0, -0.5], [-0.85, -1]];
const WITHIN = [[0, 0.62], [0.36, -0.42], [0, -0.2], [-0.36, -0.42]];
const ring = (radius) =>
  Array.from({ length: 20 }, (_, k) => {
    const angle = (k * Math.PI) / 10;
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  });
const square = (half) => [[half, half], [half, -half], [-half, -half], [-half, half]];
const CROSS = [
  [0, 0.5], [0.8, 1.3], [1.3, 0.8], [0.5, 0], [1.3, -0.8], [0.8, -1.3],
  [0, -0.5], [-0.8, -1.3], [-1.3, -0.8], [-0.5, 0], [-1.3, 0.8], [-0.8, 1.3],
];
const bar = (left, right) => [[left, 1.2], [right, 1.2], [right, -1.2], [left, -1.2]];

/** Make a shape of outlines, of which an inner one is a hole; `turns` with the way, or upright. */
function shape(outlines, turns) {
  return (pen, [x, y], turn, size) => {
    const [s, c] = turns ? [Math.sin(turn), Math.cos(turn)] : [0, 1];
    for (const outline of outlines) {
      outline.forEach(([right, up], k) => {
        const at = [x + size * (right * c + up * s), y + size * (right * s - up * c)];
        if (k) pen.lineTo(...at);
        else pen.moveTo(...at);
      });
      pen.closePath();
    }
  };
}

const LOOKS = {
  accepted: { colour: () => theme.parties[0], dash: [], width: 1, shape: shape([DART], true) },
  activated: {
    colour: () => theme.parties[2],
    dash: [],
    width: 2.4,
    shape: shape([DART, ring(2.1), ring(1.75)], true),
  },
  held: {
    colour: () => theme.parties[1],
    dash: [7, 5],
    width: 1.4,
    shape: shape([bar(-1.1, -0.3), bar(0.3, 1.1)], false),
  },
  refused: { colour: () => theme.conflict, dash: [2, 5], width: 1.4, shape: shape([CROSS], false) },
  pending: {
    colour: () => theme.parties[4],
    dash: [5, 2],
    width: 1,
    shape: shape([ring(1.2), ring(0.7)], false),
  },
  nonconforming: {
    colour: () => theme.parties[3],
    dash: [10, 3, 2, 3],
    width: 1.8,
    shape: shape([[[0, 1.5], [1.4, -1], [-1.4, -1]]], false),
  },
  contingent: {
    colour: () => theme.parties[5],
    dash: [22, 4],
    width: 2,
    shape: shape([[[0, 1.7], [1.4, 0], [0, -1.7], [-1.4, 0]]], false),
  },
  ended: { colour: () => theme.parties[6], dash: [1, 4], width: 1, shape: shape([DART, WITHIN], true) },
  undeclared: {
    colour: () => theme.ink,
    dash: [3, 3],
    width: 3,
    shape: shape([square(1.4), square(0.8)], false),
  },
};

const SAID = { nonconforming: "non-conforming" };

/** A state in words. */
function stateName(state) {
  return Object.hasOwn(SAID, state) ? SAID[state] : state;
}

/** Which states are in the air; the others are only meant to be. */
const FLYING = new Set(["accepted", "activated", "nonconforming", "contingent", "ended", "undeclared"]);

/** The mark of a state as it is on the map, about x. */
function sign(look, x) {
  let path = "";
  const pen = {
    moveTo: (right, down) => (path += `M${right.toFixed(2)} ${down.toFixed(2)}`),
    lineTo: (right, down) => (path += `L${right.toFixed(2)} ${down.toFixed(2)}`),
    closePath: () => (path += "Z"),
  };
  look.shape(pen, [x, 7], Math.PI / 2, 3.2);
  return drawing("path", { class: "sign", d: path, "fill-rule": "evenodd" });
}

/** A state's mark, and its line before it where `line` says so. */
function stateMark(state, line = true) {
  const look = LOOKS[state];
  const width = line ? 33 : 14;
  const parts = [sign(look, width - 7)];
  if (line) {
    const dashes = {
      "stroke-dasharray": look.dash.map((long) => 0.6 * long).join(" "),
      "stroke-width": 1.2 * look.width,
    };
    parts.unshift(drawing("path", { class: "way", d: "M0 7H18", ...dashes }));
  }
  const size = { viewBox: `0 0 ${width} 14`, width, height: 14, "aria-hidden": "true" };
  return drawing("svg", { class: `look state-${state}`, ...size }, parts);
}

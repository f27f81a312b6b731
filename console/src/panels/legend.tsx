/** What the marks and lines of the map mean. */

import { panel } from "./registry";

const MARKS: [string, string][] = [
  ["conforming", "A track that flies as it was declared"],
  ["nonconforming", "A track that differs from its intent"],
  ["undeclared", "A track that nobody declared"],
  ["tentative", "A track of which too little was seen to say"],
  ["planned", "Where a declared flight should be, and nothing is seen"],
];

const LINES: [string, string][] = [
  ["accepted", "accepted: others are kept clear of it"],
  ["held", "held or pending: it waits for a decision"],
  ["refused", "refused: as it was asked for"],
  ["constraint", "a constraint: striped, with its name"],
  ["adrift", "where a flight off nominal may be, with its name"],
  ["alert", "two that would lose separation, and what is to be avoided"],
];

function Legend() {
  return (
    <>
      <h3>Marks</h3>
      <ul class="legend">
        {MARKS.map(([name, meaning]) => (
          <li>
            <span class={`shape shape-${name}`} aria-hidden="true" />
            {meaning}
          </li>
        ))}
      </ul>
      <h3>Lines and areas</h3>
      <ul class="legend">
        {LINES.map(([name, meaning]) => (
          <li>
            <span class={`stroke stroke-${name}`} aria-hidden="true" />
            {meaning}
          </li>
        ))}
      </ul>
      <p class="quiet">
        A band along a flight is the room that it has: half of the minimum to each side, so that
        two bands that meet at one level and time are a loss of separation. Heights in 3D are four
        times as large as they are.
      </p>
    </>
  );
}

panel({ id: "legend", title: "Legend", key: "l", Body: Legend });

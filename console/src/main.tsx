import { render } from "preact";

import { begin, session, userOf } from "./link/session";
import { paint } from "./map/colours";
import { Page } from "./page";
import { SignIn } from "./sign-in";
import "maplibre-gl/dist/maplibre-gl.css";
import "./style/theme.css";
import "./style/page.css";
import "./style/top.css";
import "./style/panels.css";
import "./style/plan.css";
import "./style/palette.css";

begin();
paint();

function Console() {
  const who = session.value;
  return who ? <Page key={userOf(who)} who={who} /> : <SignIn />;
}

render(<Console />, document.getElementById("console") as HTMLElement);

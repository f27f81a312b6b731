/** Every panel, in the order of the bar; a new one is named here. */

import "./traffic";
import "./legend";

/** Every panel, in the order of the bar; a new one is named here. */

import "./work";
import "./traffic";
import "./file";
import "./off-nominal";
import "./draw";
import "./plan";
import "./record";
import "./parties";
import "./legend";

import "./intent-actions";
import "./constraint-actions";
import "./statement-actions";
import "./palette";

/** What can be done about what was chosen: a component for each kind, shown below its facts. */

import type { ComponentType } from "preact";

import type { Kind } from "./chosen";

export const actions = new Map<Kind, ComponentType<{ id: string }>>();

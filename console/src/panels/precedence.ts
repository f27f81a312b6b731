/** The classes of precedence that a charter has unless it says otherwise. */
export const CLASSES = ["emergency", "medical", "humanitarian", "state", "scheduled", "other"];

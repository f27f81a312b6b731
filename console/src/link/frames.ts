/** Server-sent events (WHATWG HTML, 9.2.6), read from text as it comes. */

export interface Frame {
  /** The id that holds from here on; "" where none was given yet. */
  id: string;
  event: string;
  /** null where the frame only moves the id or the retry on. */
  data: string | null;
  retry: number | null;
}

/** Gives frames out of pieces of text, however they are cut. */
export class Frames {
  private rest = "";
  private id = "";

  take(text: string): Frame[] {
    const found: Frame[] = [];
    const blocks = (this.rest + text).split(/\r\n\r\n|\n\n|\r\r/);
    this.rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const frame = this.read(block);
      if (frame) found.push(frame);
    }
    return found;
  }

  private read(block: string): Frame | null {
    let event = "";
    let retry: number | null = null;
    let named = false;
    const data: string[] = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      if (line === "" || line.startsWith(":")) continue;
      const at = line.indexOf(":");
      const field = at < 0 ? line : line.slice(0, at);
      const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /, "");
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
      else if (field === "id" && !value.includes("\0")) {
        this.id = value;
        named = true;
      } else if (field === "retry" && /^\d+$/.test(value)) retry = Number(value);
    }
    if (!data.length && !named && retry === null) return null;
    return { id: this.id, event, data: data.length ? data.join("\n") : null, retry };
  }
}

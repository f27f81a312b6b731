// Undoes chart/columns.py: base64, gzip, byte planes, zigzag, running sums.

async function inflate(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Give an object of Int32Arrays by column name. */
async function unpack(packed) {
  const bytes = await inflate(packed.bytes);
  const columns = {};
  let at = 0;
  for (const [name, count] of packed.columns) {
    const out = new Int32Array(count);
    const [b1, b2, b3] = [at + count, at + 2 * count, at + 3 * count];
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const zigzag =
        bytes[at + i] | (bytes[b1 + i] << 8) | (bytes[b2 + i] << 16) | (bytes[b3 + i] << 24);
      sum = (sum + ((zigzag >>> 1) ^ -(zigzag & 1))) | 0;
      out[i] = sum;
    }
    columns[name] = out;
    at += 4 * count;
  }
  return columns;
}

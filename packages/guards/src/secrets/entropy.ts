/** Shannon entropy of the characters of `text` in bits per character: 0 for `aaaa`, about 4 for random hex. */
export function entropyOf(text: string): number {
  // Characters beyond Latin-1 share a slot: secrets hardly hold any, and this runs for every candidate.
  const counts = new Uint32Array(257);
  for (let at = 0; at < text.length; at += 1) {
    const slot = Math.min(text.charCodeAt(at), 256);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

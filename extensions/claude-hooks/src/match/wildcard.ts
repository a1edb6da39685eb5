/** True if the text fits the pattern, in which `*` stands for any characters. Takes time in proportion to both lengths multiplied. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let star = -1;
  let resumed = 0;
  while (from < text.length) {
    if (pattern[at] === "*") {
      star = at;
      resumed = from;
      at += 1;
    } else if (at < pattern.length && pattern[at] === text[from]) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      resumed += 1;
      from = resumed;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

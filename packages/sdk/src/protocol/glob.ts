/** True for a text in which `*` or `?` stands. */
export function isGlob(value: unknown): value is string {
  return typeof value === "string" && /[*?]/.test(value);
}

/** `*` stands for any run of characters, `?` for one. Linear in name and pattern, whatever the pattern. */
export function globMatches(pattern: string, name: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let n = 0; n < name.length;) {
    if (pattern[p] === "*") {
      star = p;
      resume = n;
      p += 1;
    } else if (pattern[p] === "?" || pattern[p] === name[n]) {
      p += 1;
      n += 1;
    } else if (star !== -1) {
      p = star + 1;
      resume += 1;
      n = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}

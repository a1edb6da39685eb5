/** Signs of globs. A bracket in a name is more often a route of a web framework than a glob, and is taken as a name. */
const SIGN = /[*?{]/;
const MAX_BRACES = 32;
/** Names that globs of three known characters could mean. */
const SECRETS = [".env", "id_rsa", "id_ed25519", ".netrc", ".npmrc", ".pgpass"];

/** The part of a glob before its first sign, cut at a slash: the folder that is looked through, or the path itself. */
export function globBase(glob: string): string {
  const sign = glob.search(SIGN);
  if (sign === -1) return glob;
  const slash = glob.lastIndexOf("/", sign);
  return slash === -1 ? "." : glob.slice(0, slash + 1);
}

/**
 * File names that a glob means for certain although signs stand in it, such as `.env` for `**\/.env*` and both names of
 * `{.env,id_rsa}`. None for a glob such as `*.json`, which means no name of its own.
 */
export function namesOfGlob(glob: string): string[] {
  const last = glob.slice(glob.lastIndexOf("/") + 1);
  const names = braces(last).flatMap((name) => {
    const literal = name.replace(/[*?]+/g, "");
    const prefix = name.split(/[*?]/, 1)[0] ?? "";
    const meant = prefix.length >= 3 ? SECRETS.filter((one) => one.startsWith(prefix)) : [];
    return literal === "" || !SIGN.test(name) ? [name] : [literal, ...meant];
  });
  return names.filter((name) => name !== "" && !/^[*?.]*$/.test(name));
}

/** The texts that `{a,b}` stands for; more than 32 are left as they are. */
function braces(text: string): string[] {
  let texts = [text];
  for (let level = 0; level < 4; level += 1) {
    const next = texts.flatMap((one) => {
      const found = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(one);
      return found ? (found[2] ?? "").split(",").map((part) => `${found[1]}${part}${found[3]}`) : [one];
    });
    if (next.length > MAX_BRACES || next.length === texts.length)
      return next.length > MAX_BRACES ? texts : next;
    texts = next;
  }
  return texts;
}

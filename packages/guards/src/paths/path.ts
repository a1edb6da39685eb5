/** Absolute form of a path without `.`, `..` or doubled slashes. `~` becomes the home folder when that is known. */
export function resolvePath(text: string, cwd: string, home: string | null): string {
  const tilde = /^~(?=\/|$)/.test(text);
  const absolute = tilde
    ? `${home ?? "/home/~"}${text.slice(1)}`
    : text.startsWith("/")
      ? text
      : `${cwd}/${text}`;
  const parts: string[] = [];
  for (const part of absolute.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

export const isBelow = (path: string, folder: string): boolean =>
  path.startsWith(folder === "/" ? "/" : `${folder}/`) && path !== folder;

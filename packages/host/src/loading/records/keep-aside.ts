import { lstat, rename } from "node:fs/promises";

/** Renames a file to the first free name of the form `<name>.unreadable`, so that no earlier copy is lost. */
export async function keepAside(path: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const aside = `${path}.unreadable${n === 1 ? "" : `-${n}`}`;
    if (await exists(aside)) continue;
    await rename(path, aside);
    return aside;
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

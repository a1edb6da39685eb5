import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file that only the user may read: whoever reads it meanwhile sees the old content or the new one, never
 * a part, and the new one is on the disk before the old one is gone. Makes the folder when it is missing.
 */
export async function replacePrivateFile(
  path: string,
  text: string,
  temporary = `${path}.${process.pid}.tmp`,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

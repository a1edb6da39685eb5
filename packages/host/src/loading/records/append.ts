import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

const { O_APPEND, O_CREAT, O_RDWR } = constants;
// Windows knows neither of the two.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

/**
 * Opens a file to write at its end and to read, and makes it for this user alone when there is none. Rejects for a link,
 * which could lead anywhere, and for what is no file.
 */
export async function openToAppend(path: string): Promise<FileHandle> {
  const handle = await open(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0o600);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error("it is not a file");
}

/** The contestants that npm installs on demand; imported late, because they may not be there. */
export async function startPeers() {
  const clients = await import("../peers/clients.mjs");
  return clients.startPeers();
}

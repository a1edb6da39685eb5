import { createHost } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";

const host = createHost({ folders: [], catalogs: [gatewayCatalog] });
host.subscribe("gateway.connection", ({ data }) =>
  data.peer_ip === "127.0.0.1" ? undefined : { action: "abort", reason: `no way in for ${data.peer_ip}` },
);
await host.start();
for (const peer_ip of ["127.0.0.1", "10.0.0.9"]) {
  const data = { peer_addr: `${peer_ip}:5000`, peer_ip };
  const outcome = await host.emit({ kind: "gateway.connection", data });
  console.log(peer_ip, outcome.action, outcome.action === "block" ? outcome.reason : "");
}
await host.stop();

import { createHost } from "@synaps/host";
import { metricsOf, startMetricsListener } from "@synaps/metrics";
import { gatewayCatalog, synapsCatalog } from "@synaps/sdk/catalogs";

const host = createHost({ folders: ["./extensions"], catalogs: [synapsCatalog, gatewayCatalog] });
await host.start();
await metricsOf(host).countGateway();
// Your program names a port, for instance 9090; 0 takes a free one.
const listener = await startMetricsListener({ host, port: 0 });

await host.emit({
  kind: "before_tool_call",
  tool_name: "bash",
  tool_input: { command: "rm -rf /" },
});
await host.emit({
  kind: "gateway.connection",
  data: { peer_addr: "127.0.0.1:40000", peer_ip: "127.0.0.1" },
});

const text = await (await fetch(`${listener.url}/metrics`)).text();
console.log(text.match(/^(synaps_hook_votes_total|rustyclaw_gateway_connections).*$/gm)?.join("\n"));
const [hook] = host.metrics().hooks;
console.log(hook?.extension, hook?.verdicts, (hook?.run.p99Ms ?? 0) > 0);

await host.stop();

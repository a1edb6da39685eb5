import { allowList, debugRing, logging, rateLimit } from "@synaps/builtins";
import { createHost } from "@synaps/host";
import { gatewayCatalog, synapsCatalog } from "@synaps/sdk/catalogs";

const host = createHost({ folders: ["./extensions"], catalogs: [synapsCatalog, gatewayCatalog] });
await host.start();

/** @param {string} message */
const line = (message) => console.log(message);
const logger = { debug: line, info: line, warn: line, error: line };
await logging({ kinds: ["gateway.security_event"], logger }).follow(host);

const ring = debugRing({ kinds: ["before_tool_call", "gateway.connection"] });
await ring.follow(host);
await host.use(
  allowList({
    kinds: ["gateway.connection"],
    addresses: ["127.0.0.1", "192.168.1.0/24", "fd00::/8"],
    raise: (event) => host.emit(event),
  }),
);
const limit = rateLimit({ kinds: ["before_tool_call"], capacity: 2, refillPerMinute: 2, per: "session" });
await host.use(limit);

for (const peer_ip of ["192.168.1.7", "10.0.0.9"])
  await host.emit({ kind: "gateway.connection", data: { peer_addr: `${peer_ip}:5000`, peer_ip } });
for (const command of ["ls", "rm -rf /", "ls"])
  await host.emit({
    kind: "before_tool_call",
    tool_name: "bash",
    tool_input: { command },
    session_id: "s-1",
  });

for (const { kind, action, answered } of ring.traces()) console.log(kind, action, answered["by"] ?? "-");
const { allowed, refused, keys } = limit.counts();
console.log({ allowed, refused, keys });
await host.stop();

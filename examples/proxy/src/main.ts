import { runExample, type Stage, watchKinds, witnesses } from "@synaps/example-shared";
import { createHost, type Host, nullLogger } from "@synaps/host";
import { proxyCatalog } from "@synaps/sdk/catalogs";
import { startBackends } from "./backends.js";
import { afterGreeting, breakOff, overHttp, overTls, refused, sayAndEnd } from "./clients.js";
import { startProxy, type Route } from "./proxy.js";

await runExample("proxy", "Sends real clients through a proxy, and shows extensions what passes.", run);

async function run({ scratch, signal, print }: Stage): Promise<void> {
  const host = createHost({
    catalogs: [proxyCatalog],
    folders: witnesses(scratch, proxyCatalog),
    baseDir: scratch.base,
    logger: nullLogger,
    // The usual second is for programs that rather lose an item than wait.
    limits: { overflowBlockMs: 60_000 },
  });
  const backends = await startBackends();
  const to = (port: number): Route["to"] => ({ host: "127.0.0.1", port });
  const { http, tls, ssh, mail } = backends.ports;
  try {
    await host.start({ signal });
    const proxy = await startProxy({
      routes: [
        { protocols: ["http"], to: to(http), hooks: "block" },
        // Extensions never see this one.
        { protocols: ["tls"], to: to(tls), hooks: "off" },
        { protocols: ["ssh"], to: to(ssh), hooks: "drop_newest" },
        { to: to(mail), hooks: "block" },
      ],
      host,
      log: (message) => print(`  the proxy says: ${message}`),
    });
    const nowhere = await startProxy({ routes: [{ to: to(1), hooks: "off" }] });
    const watch = watchKinds(host as unknown as Host, proxyCatalog);
    const step = async (path: string, work: () => Promise<string>): Promise<void> => {
      signal.throwIfAborted();
      const said = await watch.onPath(path, async () => {
        const words = await work();
        await proxy.ended();
        return words;
      });
      print(`${path}: ${said.trimEnd().replaceAll(/\s*\n/g, " / ")}`);
    };
    await step("HTTP request", () => overHttp(proxy.port, 5));
    await step("upload of 10 MB", () => overHttp(proxy.port, 10_000_000));
    await step("TLS, without hooks", () => overTls(proxy.port));
    await step("client ends first", () => sayAndEnd(proxy.port, "SSH-2.0-client\r\n"));
    await step("server speaks first", () => afterGreeting(proxy.port, "HELO example\r\n"));
    await step("no byte at all", () => sayAndEnd(proxy.port, ""));
    await step("client breaks off", () => breakOff(proxy.port));
    await step("no backend", () => refused(nowhere.port, "anybody?"));
    await Promise.all([proxy.close(), nowhere.close()]);
    const seen = await watch.seen();
    print(`\n${watch.table(seen)}`);
    if (watch.missing(seen).length > 0) process.exitCode = 1;
  } finally {
    await host.stop();
    await backends.stop();
  }
}

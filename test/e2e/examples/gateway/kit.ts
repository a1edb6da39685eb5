import { join } from "node:path";
import { createHost, nullLogger, type HostLimits } from "@synaps/host";
import { gatewayCatalog } from "@synaps/sdk/catalogs";
import { onTestFinished } from "vitest";
import { Book } from "../../../../examples/gateway/src/book.js";
import type { GatewayConfig } from "../../../../examples/gateway/src/config.js";
import { Gateway, type GatewayOptions } from "../../../../examples/gateway/src/gateway.js";
import { startScriptedModel } from "../../../../examples/gateway/src/scripted-model.js";
import { configFor, Stage, writeConfig } from "../../../../examples/gateway/src/stage.js";
import { tempDir } from "../../../helpers/temp.js";

interface Options {
  config?: Partial<GatewayConfig>;
  gateway?: Partial<GatewayOptions>;
  folders?: string[];
  limits?: Partial<HostLimits>;
}

/** A started host with a gateway that is not started yet; all of it ends with the test. `log` is what the gateway said. */
export async function newGateway({
  config = {},
  gateway: own = {},
  folders = [],
  limits = {},
}: Options = {}) {
  const root = tempDir();
  const model = await startScriptedModel();
  onTestFinished(() => model.close());
  const configFile = join(root, "gateway.json");
  writeConfig(configFile, { ...configFor(model), ...config });
  const host = createHost({
    catalogs: [gatewayCatalog],
    folders,
    baseDir: join(root, "base"),
    audit: { folder: join(root, "audit"), events: ["gateway.*"] },
    limits,
    logger: nullLogger,
  });
  onTestFinished(() => host.stop());
  const log: string[] = [];
  const gateway = new Gateway({ host, config: configFile, log: (line) => log.push(line), ...own });
  onTestFinished(() => gateway.stop());
  const book = new Book();
  const parts = { host, gateway, model, book, configFile, say: () => {} };
  const stage = new Stage(parts);
  await host.start();
  return { ...parts, stage, log, auditFolder: join(root, "audit") };
}

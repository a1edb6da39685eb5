import * as metrics from "@synaps/metrics";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

it("the entry of the metrics exports what importers rely on, and no other entry exists", () => {
  expect(Object.keys(metrics).sort()).toEqual([
    "metricsOf",
    "startConfiguredMetrics",
    "startMetricsListener",
    "startOpenTelemetry",
  ]);
  const { exports } = JSON.parse(readFileSync(repo("packages/metrics/package.json"), "utf8")) as {
    exports: object;
  };
  expect(Object.keys(exports)).toEqual([".", "./package.json"]);
});

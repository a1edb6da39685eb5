import * as catalogs from "@synaps/sdk/catalogs";
import * as framing from "@synaps/sdk/framing";
import * as manifest from "@synaps/sdk/manifest";
import * as protocol from "@synaps/sdk/protocol";
import * as sdk from "@synaps/sdk";
import * as testing from "@synaps/sdk/testing";
import * as values from "@synaps/sdk/values";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { repo } from "../helpers/paths.js";

/** What importers rely on. A change here is a change of the public interface: say so in the changelog. */
describe("the entries of the SDK export", () => {
  it(". for authors", () => {
    expect(Object.keys(sdk).sort()).toEqual([
      "ExtensionError",
      "block",
      "cached",
      "composite",
      "conditional",
      "confirm",
      "defineExtension",
      "defineHook",
      "firstMatch",
      "fork",
      "inject",
      "modify",
      "proceed",
      "redirect",
      "replace",
      "retry",
      "sequence",
      "serve",
      "skip",
      "store",
      "timed",
      "voting",
    ]);
  });

  it("./protocol", () => {
    expect(Object.keys(protocol).sort()).toEqual([
      "ABSTENTION_REASONS",
      "ACTIONS",
      "BREAKER_BOUNDS",
      "BREAKER_NAMES",
      "BREAKER_PRESETS",
      "CAPABILITY_PERMISSIONS",
      "DEFAULT_CACHE_TTL_MS",
      "DEFAULT_DEADLINE_MS",
      "DEFAULT_PROTOCOL_VERSION",
      "ENVELOPE_KEYS",
      "MALFORMED_MODIFY",
      "MAX_CACHE_TTL_MS",
      "MAX_HOPS",
      "MAX_TOPIC_LENGTH",
      "MAY_LOSE_DIGITS",
      "METHODS",
      "NO_MESSAGE",
      "NO_REASON",
      "OVERFLOWS",
      "PERMISSIONS",
      "PROTOCOL_FEATURES",
      "PROTOCOL_VERSIONS",
      "RESERVED_PERMISSIONS",
      "SYNAPS_VERSION",
      "WIRE_ERRORS",
      "anything",
      "binary",
      "block",
      "breakerPolicy",
      "cached",
      "classifyMessage",
      "composite",
      "conditional",
      "confirm",
      "defineCatalog",
      "didYouMean",
      "firstMatch",
      "flag",
      "fork",
      "globMatches",
      "inexactNumbers",
      "inject",
      "isAbstentionReason",
      "isChainPolicy",
      "isGlob",
      "isHostTopic",
      "isJsonObject",
      "isPermission",
      "isProtocolVersion",
      "isTextField",
      "isTopic",
      "knownFeatures",
      "list",
      "memberAt",
      "metadataOnly",
      "modify",
      "nullable",
      "number",
      "object",
      "oneOfTexts",
      "parseVerdict",
      "pointerKeys",
      "prefixOfBytes",
      "proceed",
      "redirect",
      "replace",
      "retry",
      "sequence",
      "skip",
      "store",
      "synapsCatalog",
      "text",
      "timed",
      "topicGlobProblem",
      "topicMatches",
      "topicPermission",
      "topicSentence",
      "u64",
      "unknownKey",
      "voting",
      "whole",
      "wrongBreaker",
    ]);
  });

  it("./framing", () => {
    expect(Object.keys(framing).sort()).toEqual([
      "FrameReader",
      "FrameWriter",
      "MAX_HEADER_BYTES",
      "MAX_INBOUND_BODY_BYTES",
      "MAX_NESTING",
      "MAX_OUTBOUND_BODY_BYTES",
      "MAX_QUEUED_BYTES",
      "MAX_SKIPPED_BODY_BYTES",
      "encodeFrame",
    ]);
  });

  it("./manifest", () => {
    expect(Object.keys(manifest).sort()).toEqual([
      "DEFERRED_REASONS",
      "MAX_CONCURRENCY",
      "MAX_DEADLINE_MS",
      "PRIORITIES",
      "RESERVED_KEYS",
      "activationClass",
      "activationTrigger",
      "addressIn",
      "addressRange",
      "breakerChoice",
      "brokenLimit",
      "evidenceOfProblem",
      "findKind",
      "forbiddenEnvName",
      "hookSchema",
      "isNestedDeeper",
      "jsonErrorOffset",
      "manifestJsonSchema",
      "manifestSchema",
      "overrideName",
      "overridePrefix",
      "ownEnvironment",
      "parseKey",
      "parseManifest",
      "permissionsOf",
      "priorityNumber",
      "readCommands",
      "readDeferred",
      "readHelp",
      "readKeybinds",
      "readSettings",
      "schemaDigest",
      "wrongBreakerChoice",
      "wrongConditions",
    ]);
  });

  it("./catalogs", () => {
    expect(Object.keys(catalogs).sort()).toEqual([
      "CATALOGS",
      "agentCatalog",
      "describeCatalog",
      "gatewayCatalog",
      "messagingCatalog",
      "proxyCatalog",
      "synapsCatalog",
      "synapsPayloads",
    ]);
  });

  it("./testing", () => {
    expect(Object.keys(testing).sort()).toEqual([
      "assertBlocks",
      "assertConfirms",
      "assertContinues",
      "assertInjects",
      "assertModifies",
      "assertReplaces",
      "assertVerdict",
      "checkAgainstManifest",
      "createHarness",
      "createInMemoryPair",
      "envelope",
      "events",
      "eventsOf",
      "partsOf",
      "spawnHarness",
    ]);
  });

  it("./values", () => {
    expect(Object.keys(values).sort()).toEqual([
      "AddressSet",
      "FULL",
      "MASK",
      "SUMMARY",
      "abridge",
      "addressBits",
      "addressIn",
      "addressRange",
      "canonicalJson",
      "isIpv4",
      "isSensitiveKey",
      "maskText",
    ]);
  });

  it("and no other entry exists", () => {
    const { exports } = JSON.parse(readFileSync(repo("packages/sdk/package.json"), "utf8")) as {
      exports: object;
    };
    expect(Object.keys(exports)).toEqual([
      ".",
      "./guard",
      "./protocol",
      "./framing",
      "./manifest",
      "./catalogs",
      "./testing",
      "./values",
      "./package.json",
    ]);
  });
});

import { get } from "node:http";
import type { JsonObject } from "@synaps/sdk/protocol";
import { targetOf } from "./threats.js";

/** What a tool may ask of the gateway while it runs. */
export interface ToolContext {
  /** Members that hooks added to the facts of the call. */
  facts: JsonObject;
  signal: AbortSignal;
  /** Raises a threat. Rejects if it is to be stopped. */
  ssrf(reason: string): Promise<void>;
}

export type Tool = (input: JsonObject, context: ToolContext) => string | Promise<string>;

const MAX_SECRETS = 1_000;
const MAX_PAGE_BYTES = 65_536;
const SKILLS: Readonly<Record<string, string>> = { summary: "Say it in one sentence, then in three words." };

/** The tools of a gateway. Each throws an Error for what it cannot do. */
export function createTools(): ReadonlyMap<string, Tool> {
  const vault = new Map<string, string>();
  return new Map<string, Tool>([
    ["read_clock", (_, { facts }) => clock(facts["time_zone"])],
    ["secrets_store", (input) => store(vault, text(input, "name"), text(input, "value"))],
    ["secrets_get", (input) => known(vault.get(text(input, "name")), "secret")],
    ["skills_load", (input) => known(SKILLS[text(input, "name")], "skill")],
    ["web_fetch", (input, context) => fetchPage(text(input, "url"), context)],
  ]);
}

function clock(zone: unknown): string {
  const timeZone = typeof zone === "string" ? zone : "UTC";
  return `${new Date().toLocaleTimeString("en-GB", { timeZone })} in ${timeZone}`;
}

function store(vault: Map<string, string>, name: string, value: string): string {
  if (vault.size >= MAX_SECRETS && !vault.has(name)) throw new Error("the vault is full");
  vault.set(name, value);
  return "stored";
}

function known(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`there is no such ${what}`);
  return value;
}

function text(input: JsonObject, key: string): string {
  const value = input[key];
  if (typeof value !== "string") throw new Error(`'${key}' is no text`);
  return value;
}

/** Fetches a page by plain HTTP, without following redirections: the address that was checked is the one that is asked. */
async function fetchPage(address: string, { signal, ssrf }: ToolContext): Promise<string> {
  const url = URL.parse(address);
  if (url?.protocol !== "http:") throw new Error("only http addresses can be fetched");
  const target = await targetOf(url.hostname);
  if (target.reason) await ssrf(target.reason);
  return new Promise((resolve, reject) => {
    const { host, port, pathname, search } = url;
    const options = { host: target.address, port, path: pathname + search, headers: { host }, signal };
    get(options, (response) => {
      let page = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        page += chunk;
        if (page.length > MAX_PAGE_BYTES) response.destroy(new Error("the page is too large"));
      });
      response.on("end", () => resolve(page));
      response.on("error", reject);
    }).on("error", reject);
  });
}

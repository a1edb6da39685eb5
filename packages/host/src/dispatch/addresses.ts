import { BlockList } from "node:net";
import { addressIn, addressRange } from "@synaps/sdk/manifest";

/**
 * Makes a test of addresses ready: ranges are read here, once, and not with each event. An IPv4 address in IPv6 form
 * (`::ffff:10.0.0.1`) is the same as without. Undefined if one of the texts is no range: nobody can say what it lets pass.
 */
export function addressTest(wanted: readonly string[]): ((address: string) => boolean) | undefined {
  const list = new BlockList();
  for (const text of wanted) {
    const range = addressRange(text);
    if (typeof range === "string") return undefined;
    list.addSubnet(range.address, range.prefix, range.family);
  }
  return (text) => {
    const found = addressIn(text);
    return found !== undefined && list.check(found.address, found.family);
  };
}

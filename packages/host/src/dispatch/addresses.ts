import { AddressSet } from "@synaps/sdk/values";

/**
 * Makes a test of addresses ready: ranges are read here, once, and not with each event. An IPv4 address in IPv6 form
 * (`::ffff:10.0.0.1`) is the same as without. Undefined if one of the texts is no range: nobody can say what it lets pass.
 */
export function addressTest(wanted: readonly string[]): ((address: string) => boolean) | undefined {
  const set = AddressSet.of(wanted);
  return set instanceof AddressSet ? (text) => set.has(text) === true : undefined;
}

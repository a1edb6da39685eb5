/** Looks at values of events: secrets in them, which are masked, IP addresses, and one text for equal values. Uses Node's built-ins and nothing else. */
export { abridge, FULL, SUMMARY, type Limits } from "./abridge.js";
export { addressIn, addressRange, type AddressRange } from "./address.js";
export { addressBits, isIpv4, type AddressBits } from "./address-bits.js";
export { AddressSet, type WrongAddress } from "./address-set.js";
export { canonicalJson } from "./canonical.js";
export { isSensitiveKey, MASK, maskText } from "./redact.js";

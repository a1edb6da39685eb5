export { abridge, FULL, isSensitiveKey, MASK, maskText, SUMMARY, type Limits } from "@synaps/sdk/values";
export { eventName, headOf, parseLine, type AuditFormat, type AuditLine, type ReadLine } from "./line.js";
export type { AuditClock, Durability, WriterOptions } from "./options.js";
export {
  conditionOf,
  queryAudit,
  type AuditFilter,
  type FoundLine,
  type QueryResult,
  type Unreadable,
} from "./query.js";
export type { Fault, FaultKind } from "./verify-file.js";
export { verifyAudit, type RunCheck, type RunEnd, type VerifyOptions, type VerifyResult } from "./verify.js";
export { AuditWriter, type AuditStatus } from "./writer.js";

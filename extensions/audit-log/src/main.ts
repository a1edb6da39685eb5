import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createAuditExtension } from "./extension.js";

serve(createAuditExtension());

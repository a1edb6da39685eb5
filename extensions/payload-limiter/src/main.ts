import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createPayloadLimiter } from "./extension.js";

serve(createPayloadLimiter());

import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createRateLimiter } from "./extension.js";

serve(createRateLimiter());

import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { createTrafficLogger } from "./extension.js";

serve(createTrafficLogger());

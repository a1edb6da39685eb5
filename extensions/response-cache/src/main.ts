import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { responseCache } from "./extension.js";

serve(responseCache());

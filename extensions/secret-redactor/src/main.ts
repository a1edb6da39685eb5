import "@synaps/sdk/guard";
import { serve } from "@synaps/sdk";
import { secretRedactor } from "./extension.js";

serve(secretRedactor());

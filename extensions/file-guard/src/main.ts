import "@synaps/sdk/guard";
import { homedir } from "node:os";
import { serve } from "@synaps/sdk";
import { makeFileGuard, placesFrom } from "./extension.js";

serve(makeFileGuard(placesFrom(process.cwd(), homedir())));

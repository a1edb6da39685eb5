import "@synaps/sdk/guard";
import { homedir } from "node:os";
import { ownPlaces } from "@synaps/guards/paths";
import { serve } from "@synaps/sdk";
import { makeShellGuard } from "./extension.js";

serve(makeShellGuard(ownPlaces(process.cwd(), homedir())));

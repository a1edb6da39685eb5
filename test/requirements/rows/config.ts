import { done, superseded, type Requirement } from "../row.js";

/** Configuration while the host runs. Where values come from at the start stands in the rows of manifests. */
export const CONFIG: readonly Requirement[] = [
  done(
    "RPC-001",
    "extensions_config: extension_can_set_and_read_own_plugin_config_file",
    "An extension can change its configuration and read it back.",
  ),
  done(
    "RPC-002",
    "extensions_config: extension_can_read_config_without_write_permission",
    "Reading its configuration needs no permission.",
  ),
  done(
    "RPC-003",
    "extensions_config: extension_without_write_permission_cannot_set_config",
    "Changing it needs config.write.",
  ),
  done("RPC-010", "reference: configuration", "A bad key or value is named, and nothing is written."),
  superseded(
    "RPC-011",
    "reference: configuration",
    "Protocol 3 gets and sets values in the types of the manifest.",
    "the reference knows the type and hands out text all the same; protocols 1 and 2 still get that",
  ),
  done("RPC-012", "reference: configuration", "A file that cannot be used answers -32000."),
  done(
    "CFG-020",
    "reference: configuration file",
    "Setting a key leaves comments and all other lines alone.",
  ),
  done("CFG-021", "reference: configuration file", "Keys and values that a line cannot hold are refused."),
  done(
    "CFG-022",
    "ours: configuration",
    "Text becomes a number, true or false by fixed rules, or is refused.",
  ),
  done("CFG-023", "reference: configuration file", "A file is replaced as a whole, for its user alone."),
  done("CFG-024", "ours: configuration", "A file that is not text is named and kept aside."),
  done("CFG-025", "ours: configuration", "A file that cannot be read or written is an error with a reason."),
  superseded(
    "CFG-030",
    "reference: configuration",
    "A file is followed through every way of changing it, removal included.",
    "the reference polls each 50 ms and sees neither removals nor more than one key at a time",
  ),
  done("CFG-031", "ours: configuration", "Many writes in a row are one change."),
  done("CFG-040", "reference: configuration", "The program sees sources and redacted values, and sets keys."),
  done("CFG-041", "ours: configuration", "A value of the wrong type is named without being shown."),
  done(
    "CFG-042",
    "ours: configuration",
    "A file that is not text stops its extension alone, and none where the defaults can stand for it.",
  ),
  done("CFG-043", "ours: configuration", "The program hears each changed key once."),
  superseded(
    "CFG-050",
    "reference: configuration",
    "Protocol 3 is told of each changed key.",
    "the reference acknowledges config.subscribe and never tells anything",
  ),
  done("CFG-051", "reference: configuration", "Earlier protocols get an acknowledgement and nothing else."),
  done(
    "CFG-053",
    "ours: configuration",
    "An extension gets no override of another one whose id begins like its own.",
  ),
  done("CFG-052", "ours: configuration", "On the SDK the configuration follows by itself."),
  done("CFG-060", "ours: configuration", "The command shows keys and sources, and values only when asked."),
  done(
    "CFG-061",
    "ours: configuration",
    "The command sets and unsets keys of an extension that does not run.",
  ),
  done(
    "CFG-070",
    "ours: configuration",
    "Lists and bounds of the manifest that contradict themselves are refused.",
  ),
  done(
    "CFG-071",
    "ours: configuration",
    "A value outside of its list or bounds is named everywhere, and the default counts; without one nothing starts.",
  ),
  done("CFG-072", "ours: configuration", "The command refuses a value that the extension would not get."),
];

/** Keys of tool inputs, in small letters without `_` and `-`. */
const key = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** Keys whose values are paths, or lists of paths. */
export const PATH_KEYS = key(
  "filepath path absolutepath absolutefilepath relativepath relativeworkspacepath targetfile notebookpath targetnotebook paths " +
    "filepaths file files filename filenames dirpath directorypath directory dir folder folderpath targetdirectory searchpath " +
    "searchdirectory pathinproject uri fileuri documentpath imagepath outputpath inputpath savepath localpath root rootpath attachment attachments",
);
/** Keys that hold nothing but a path of a file, whatever the tool is called. */
export const CERTAIN_KEYS = key(
  "filepath absolutepath absolutefilepath targetfile notebookpath targetnotebook filepaths fileuri",
);
export const SOURCE_KEYS = key(
  "source sources src sourcepath sourcefile from frompath oldpath oldfilepath oldname sourcedirectory",
);
export const DESTINATION_KEYS = key(
  "destination dest dst destinationpath destinationfile to topath newpath newfilepath newname targetpath target destinationdirectory",
);
/** Keys whose values are globs of paths. */
export const GLOB_KEYS = key("include includes glob globpattern filepattern includepattern");
/** A glob for tools that list, and a text to look for in tools that search. */
export const PATTERN_KEY = "pattern";
export const CWD_KEYS = key("cwd workdir workingdirectory");
/** Keys whose values are the content of files, in which nothing is a path. */
export const CONTENT_KEYS = key(
  "content contents text filetext newstring oldstring newstr oldstr newsource newtext oldtext newcontent codeedit replacement " +
    "replace search data body value instruction instructions description prompt query regex exclude excludepattern ignore thought",
);
/** A content in an input whose tool is not known makes it a write. */
export const WRITTEN_KEYS = key(
  "content contents filetext newstring newstr newsource newtext newcontent codeedit replacement edits replacements",
);
/** Keys of texts that are run, looked for or opened in a browser, and name a path only in passing. */
export const TEXT_KEYS = key(
  "command cmd script code chars args arguments input pattern patch patchtext diff unifieddiff glob title reason",
);
export const PATCH_KEYS = key("command input patch patchtext diff cmd unifieddiff");

/** A key of an input as the sets above have it. */
export const plainKey = (name: string): string => name.toLowerCase().replace(/[_-]/g, "");

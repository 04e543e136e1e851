// node nbblog_repack.mjs FOLDER: runs nbblog_repack.py in the Pyodide that is in the folder, over the folder's files.
import { constants } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
// Pyodide asks npm for a package of web sockets, unless somebody else answers to `require`.
globalThis.require = () => ({});
// Its file system asks Node.js for the meaning of flags in an old way, which a process with few permissions may not.
process.binding = () => ({ fs: constants });
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({
  indexURL: folder,
  // Sets in the same order each time; no columns in tracebacks of the library, whose lines are not there to be shown.
  env: { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" },
});
pyodide.FS.mkdir("/folder");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, "/folder");
pyodide.runPython(`
import sys
from pathlib import Path
sys.path.insert(0, "/folder")
sys.dont_write_bytecode = True
from nbblog_repack import repack
repack(Path("/folder"), Path("/folder"))
`);

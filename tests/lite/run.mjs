// Lets the double of xlwings Lite run inside Pyodide; cells cross from JavaScript to Python as they do in Office.
import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";
import { loadPyodide } from "pyodide";

const plays = await json(process.stdin);
const pyodide = await loadPyodide();
pyodide.FS.writeFile("host.py", readFileSync(new URL("host.py", import.meta.url)));
pyodide.globals.set("plays", pyodide.toPy(plays));
process.stdout.write(pyodide.runPython("import host, json; json.dumps(host.answers(plays))"));

// Fields that a CRD does not know: its schema takes them (the API server prunes them in silence), TypeScript does not. Each object is compiled as a
// literal of the type that is generated from the CRD.
import path from "node:path";
import ts from "typescript";
import { nameOf, repository } from "../manifests.js";
import { isBuiltIn } from "./fields.js";
import { crds } from "./schemas.js";

const folder = path.join(repository, "tests", "Kubernetes");
const settings = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  types: [],
};

/** Objects of CRDs have fields that the CRDs know, of the right types. */
export function customFields(objects) {
  return objects.filter((object) => !isBuiltIn(object)).flatMap((object) => {
    const [group] = object.apiVersion.split("/");
    const source = `import type { I${object.kind} } from "${crds[group] ?? group}/${object.apiVersion}/${object.kind}";\nexport const it: I${object.kind} = ${JSON.stringify(object, null, 2)};\n`;
    return compile(source).map((message) => `${nameOf(object)}: ${message}`);
  });
}

function compile(source) {
  const file = path.join(folder, "object.ts");
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? source : readFile(name));
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
  const program = ts.createProgram([file], settings, host);
  // A kind without a type has no schema either, which is reported there.
  const missingModule = 2307;
  return ts.getPreEmitDiagnostics(program).filter(({ code }) => code !== missingModule).map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, " "));
}

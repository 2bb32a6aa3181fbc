// What an overlay renders to, with tokens that ./new-tokens makes.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Folders under deploy/k8s that people apply. */
export const overlays = [".", "overlays/dev", "overlays/production", "overlays/production-tls", "overlays/daemonset", "overlays/autoscaled", "overlays/autoscaled-hpa", "examples"];

/** Renders overlays from a copy of deploy/k8s, so that nobody's own tokens are needed or seen. */
export function renderAll(names) {
  const folder = mkdtempSync(path.join(tmpdir(), "cluster-k8s-"));
  try {
    cpSync(path.join(repository, "deploy", "k8s"), folder, { recursive: true });
    rmSync(path.join(folder, "base", "tokens"), { recursive: true, force: true });
    execFileSync(path.join(folder, "new-tokens"), { stdio: "ignore" });
    return new Map(names.map((name) => [name, parse(execFileSync("kubectl", ["kustomize", path.join(folder, name)], { encoding: "utf8" }))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads all objects of a text. A key that comes twice in a mapping is an error. */
export function parse(text) {
  return parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) {
      throw document.errors[0];
    }
    const object = document.toJS();
    if (object.kind === "Secret") {
      // Longer values come in several lines, which the API server takes and the schemas do not.
      object.data = Object.fromEntries(Object.entries(object.data).map(([key, value]) => [key, value.replace(/\s/g, "")]));
    }
    return object;
  });
}

export const nameOf = (object) => `${object.kind} ${object.metadata?.name}`;

/** Workloads with their pods' template. */
export const workloads = (objects) => objects.filter((object) => ["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(object.kind));

export const containers = (workload) => [...(workload.spec.template.spec.initContainers ?? []), ...workload.spec.template.spec.containers];

/** Labels that the selector wants, against labels that there are. */
export function selects(selector, labels = {}) {
  const expressions = selector?.matchExpressions ?? [];
  return (
    Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values = [] }) => {
      switch (operator) {
        case "In":
          return values.includes(labels[key]);
        case "NotIn":
          return !values.includes(labels[key]);
        case "Exists":
          return key in labels;
        default:
          return !(key in labels);
      }
    })
  );
}

/** The variables of a container: from ConfigMaps as a whole, and single ones. Those that only the pod knows have the value undefined. */
export function environment(container, objects) {
  const found = new Map();
  for (const { configMapRef } of container.envFrom ?? []) {
    const map = objects.find((object) => object.kind === "ConfigMap" && object.metadata.name === configMapRef?.name);
    Object.entries(map?.data ?? {}).forEach(([key, value]) => found.set(key, value));
  }
  (container.env ?? []).forEach(({ name, value }) => found.set(name, value));
  return found;
}

/** The options of a container's command line by name, with variables put in: both `--name value` and `--name=value`. */
export function options(container, objects) {
  const variables = environment(container, objects);
  const args = (container.args ?? []).map((arg) => arg.replace(/\$\(([A-Za-z0-9_]+)\)/g, (whole, name) => variables.get(name) ?? whole));
  const found = new Map();
  args.forEach((arg, index) => {
    if (arg.startsWith("--")) {
      const [name, ...value] = arg.split("=");
      found.set(name, value.length > 0 ? value.join("=") : args[index + 1]?.startsWith("--") ? undefined : args[index + 1]);
    }
  });
  return found;
}

/** Which of the programs a container runs; undefined: another one. */
export const programOf = (container) => container.image.split("/").pop().split(":")[0].match(/^cluster-(coordinator|node|cli)$/)?.[1];

/** "500m", "2", "1.5Gi" as numbers. */
export function quantity(text) {
  const [, number, unit] = String(text).match(/^([0-9.]+)([a-zA-Z]*)$/) ?? [];
  const units = { "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
  return number === undefined || !(unit in units) ? NaN : Number(number) * units[unit];
}

// Required fields, types and enums, by the schemas of the API and of the CRDs.
import { nameOf } from "../manifests.js";
import { isBuiltIn } from "./fields.js";

/** Where the schemas of CRDs come from, by API group. */
export const crds = { "keda.sh": "@kubernetes-models/keda", "cert-manager.io": "@kubernetes-models/cert-manager" };

async function modelOf(object) {
  const [group] = object.apiVersion.split("/");
  const module = isBuiltIn(object) ? `kubernetes-models/${object.apiVersion}` : `${crds[group] ?? group}/${object.apiVersion}`;
  return (await import(`${module}/${object.kind}`))[object.kind];
}

/** Objects are what their schemas say, and every kind has one. */
export async function schemas(objects) {
  const problems = [];
  for (const object of objects) {
    let model;
    try {
      model = await modelOf(object);
    } catch (error) {
      problems.push(`${nameOf(object)}: no schema for ${object.apiVersion} (${error.code})`);
      continue;
    }
    try {
      new model(object).validate();
    } catch (error) {
      problems.push(`${nameOf(object)}: ${error.message}`);
    }
  }
  return problems;
}

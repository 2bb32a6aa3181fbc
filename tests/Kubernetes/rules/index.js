// All rules, by the name under which they report.
import { apiRights } from "./api.js";
import { customFields } from "./crds.js";
import { fields } from "./fields.js";
import { addresses, ports, references, resources, selectors } from "./links.js";
import { folders, grace, knownOptions, metrics, probes, tokens } from "./programs.js";
import { closedEgress, namespaces, network, restricted } from "./safety.js";
import { budgets, scalers, slots } from "./scaling.js";
import { schemas } from "./schemas.js";
import { tls } from "./tls.js";

export const rules = {
  fields, customFields, schemas, selectors, ports, references, resources, addresses, knownOptions, probes, metrics, grace, folders, tokens, restricted, apiRights, namespaces, network,
  budgets, scalers, slots, tls,
};

/** For all overlays but the one for a machine at home. */
export const strictRules = { ...rules, closedEgress };

/** What is wrong with objects: the names of rules with what they found. */
export async function check(objects, which = rules) {
  const found = {};
  for (const [name, rule] of Object.entries(which)) {
    const problems = await rule(objects);
    if (problems.length > 0) {
      found[name] = problems;
    }
  }
  return found;
}

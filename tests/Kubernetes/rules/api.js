// Who may do what with the Kubernetes API.
import { containers, nameOf, options, programOf, workloads } from "../manifests.js";

const coordinatorOf = (workload) => containers(workload).find((container) => programOf(container) === "coordinator");

/** Whether a pod says which pods have work: the one use that there is for a token. */
const reports = (workload, objects) => coordinatorOf(workload) !== undefined && options(coordinatorOf(workload), objects).has("--pod-deletion-cost");

/** A pod has a token for the API where the program in it has a use for one, the right that it needs then, and nobody has another. */
export function apiRights(objects) {
  const problems = [];
  for (const workload of workloads(objects)) {
    const { automountServiceAccountToken: mounts, serviceAccountName: account } = workload.spec.template.spec;
    const needs = reports(workload, objects);
    if (mounts !== needs) {
      problems.push(`${nameOf(workload)}: ${needs ? "its coordinator has no token for the Kubernetes API" : "a token for the Kubernetes API is mounted"}`);
    }
    const bound = objects.filter(({ kind, subjects }) => kind === "RoleBinding" && subjects.some(({ kind, name }) => kind === "ServiceAccount" && name === account));
    const may = bound.map(({ roleRef }) => objects.find(({ kind, metadata }) => kind === roleRef.kind && metadata.name === roleRef.name));
    if (needs && !may.some((role) => role)) {
      problems.push(`${nameOf(workload)}: its ServiceAccount has no Role`);
    }
    if (!needs && may.length > 0) {
      problems.push(`${nameOf(workload)}: its ServiceAccount has rights that it has no use for`);
    }
  }
  for (const role of objects.filter(({ kind }) => kind === "Role")) {
    const beyond = role.rules.filter(({ apiGroups, resources, verbs }) => String(apiGroups) !== "" || String(resources) !== "pods" || String(verbs) !== "patch");
    beyond.forEach((rule) => problems.push(`${nameOf(role)}: may do more than patch pods: ${JSON.stringify(rule)}`));
  }
  objects.filter(({ kind }) => ["ClusterRole", "ClusterRoleBinding"].includes(kind)).forEach((object) => problems.push(`${nameOf(object)}: reaches beyond the namespace`));
  return problems;
}

// Numbers of pods, and who may change them.
import { containers, nameOf, programOf, workloads } from "../manifests.js";

const replicasOf = (workload, objects) => {
  const scaler = scalerOf(workload, objects);
  return scaler ? scaler.spec.maxReplicas ?? scaler.spec.maxReplicaCount : workload.spec.replicas ?? 1;
};

const scalerOf = (workload, objects) =>
  objects.find(({ kind, spec }) => ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind) && spec.scaleTargetRef.name === workload.metadata.name && (spec.scaleTargetRef.kind ?? "Deployment") === workload.kind);

/** Bounds make sense, and who scales is alone in it. */
export function scalers(objects) {
  const problems = [];
  for (const object of objects.filter(({ kind }) => ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind))) {
    const [least, most] = [object.spec.minReplicas ?? object.spec.minReplicaCount ?? 1, object.spec.maxReplicas ?? object.spec.maxReplicaCount ?? 100];
    if (least > most) {
      problems.push(`${nameOf(object)}: at least ${least} and at most ${most} pods`);
    }
    if (object.spec.fallback && (object.spec.fallback.replicas < least || object.spec.fallback.replicas > most)) {
      problems.push(`${nameOf(object)}: the fallback of ${object.spec.fallback.replicas} pods is not between ${least} and ${most}`);
    }
  }
  for (const workload of workloads(objects)) {
    if (scalerOf(workload, objects) && workload.spec.replicas !== undefined) {
      problems.push(`${nameOf(workload)}: has a number of replicas, and somebody who scales it`);
    }
    if (containers(workload).some((container) => programOf(container) === "coordinator") && workload.spec.replicas !== 1) {
      problems.push(`${nameOf(workload)}: there must be one coordinator`);
    }
  }
  return problems;
}

/** The scaler is told what a node brings: its CPU limit, since there may be none to ask. */
export function slots(objects) {
  return objects.filter(({ kind }) => kind === "ScaledObject").flatMap((object) => {
    const target = workloads(objects).find((workload) => scalerOf(workload, objects) === object);
    const limit = target && containers(target)[0].resources?.limits?.cpu;
    return object.spec.triggers
      .filter(({ metadata }) => limit && metadata.slotsPerNode !== undefined && Number(metadata.slotsPerNode) !== Math.ceil(Number(limit)))
      .map(({ metadata }) => `${nameOf(object)}: slotsPerNode is ${metadata.slotsPerNode}, and a node has ${limit} CPUs`);
  });
}

/** Budgets let machines be drained. */
export function budgets(objects) {
  return objects.filter(({ kind }) => kind === "PodDisruptionBudget").flatMap((budget) => {
    const { maxUnavailable, minAvailable, selector } = budget.spec;
    const workload = workloads(objects).find(({ spec }) => Object.entries(selector.matchLabels).every(([key, value]) => spec.template.metadata.labels[key] === value));
    if (!workload) {
      return [];
    }
    if (workload.kind === "DaemonSet") {
      return [`${nameOf(budget)}: the pods of a DaemonSet cannot be counted`];
    }
    const replicas = replicasOf(workload, objects);
    const count = (value) => (String(value).endsWith("%") ? Math.ceil((replicas * parseInt(value, 10)) / 100) : Number(value));
    const allowed = maxUnavailable !== undefined ? count(maxUnavailable) : replicas - count(minAvailable);
    return allowed < 1 ? [`${nameOf(budget)}: none of ${replicas} pods may ever be evicted`] : [];
  });
}

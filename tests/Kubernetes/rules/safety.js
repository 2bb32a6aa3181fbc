// What keeps strangers out, and user code in.
import { containers, nameOf, programOf, selects, workloads } from "../manifests.js";

const volumeTypes = ["configMap", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "csi"];

/** Pods meet the Pod Security Standard `restricted`, and have a read-only root filesystem besides. */
export function restricted(objects) {
  return workloads(objects).flatMap((workload) => {
    const pod = workload.spec.template.spec;
    const problems = [];
    const say = (what) => problems.push(`${nameOf(workload)}: ${what}`);
    ["hostNetwork", "hostPID", "hostIPC"].filter((name) => pod[name]).forEach((name) => say(`${name} is set`));
    (pod.volumes ?? []).filter((volume) => !volumeTypes.some((type) => type in volume)).forEach(({ name }) => say(`the volume ${name} is of a type that restricted pods may not have`));
    if (pod.enableServiceLinks !== false) {
      say("variables of all Services come along");
    }
    for (const container of containers(workload)) {
      const security = { ...pod.securityContext, ...container.securityContext };
      const wants = {
        "runs as root": security.runAsNonRoot === true && security.runAsUser !== 0,
        "has no seccomp profile": ["RuntimeDefault", "Localhost"].includes(security.seccompProfile?.type),
        "may get more rights": security.allowPrivilegeEscalation === false && !security.privileged,
        "keeps capabilities": security.capabilities?.drop?.includes("ALL") && (security.capabilities.add ?? []).every((name) => name === "NET_BIND_SERVICE"),
        "can write to its root filesystem": security.readOnlyRootFilesystem === true,
        "has a port of the host": (container.ports ?? []).every(({ hostPort }) => !hostPort),
      };
      Object.entries(wants).filter(([, holds]) => !holds).forEach(([what]) => say(`${container.name} ${what}`));
    }
    return problems;
  });
}

/** The namespace enforces that, and holds everything that a namespace can hold. */
export function namespaces(objects) {
  const global = ["Namespace", "PriorityClass"];
  const namespace = objects.find(({ kind }) => kind === "Namespace");
  const problems = objects.filter(({ kind, metadata }) => !global.includes(kind) && metadata.namespace !== namespace?.metadata.name).map((object) => `${nameOf(object)} is not in the namespace`);
  if (namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"] !== "restricted") {
    problems.push("the namespace does not enforce restricted pods");
  }
  return problems;
}

const admits = (rules, peer, labels, wanted) =>
  rules.some(({ [peer]: peers, ports }) =>
    (peers ?? [{}]).some(({ namespaceSelector, podSelector }) => (!namespaceSelector || labels.namespace) && selects(podSelector, labels.pod) && (!namespaceSelector || selects(namespaceSelector, labels.namespace))) &&
    (!ports || ports.some(({ port }) => wanted.includes(port))),
  );

/** Pods are closed, and nodes still reach the coordinator, as KEDA does where it asks, and Prometheus whatever it is told to ask; where egress is closed, they get out to it too. */
export function network(objects) {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  const problems = [];
  const concerning = (workload, type) => policies.filter(({ spec }) => spec.policyTypes?.includes(type) && selects(spec.podSelector, workload.spec.template.metadata.labels));
  const coordinator = workloads(objects).find((workload) => containers(workload).some((container) => programOf(container) === "coordinator"));
  for (const workload of workloads(objects)) {
    const labels = { pod: workload.spec.template.metadata.labels };
    if (concerning(workload, "Ingress").length === 0) {
      problems.push(`${nameOf(workload)}: everybody may connect to its pods`);
    }
    const annotations = workload.spec.template.metadata.annotations ?? {};
    const prometheus = { pod: {}, namespace: { "kubernetes.io/metadata.name": "monitoring" } };
    if (annotations["prometheus.io/scrape"] === "true" && !concerning(workload, "Ingress").some(({ spec }) => admits(spec.ingress ?? [], "from", prometheus, ["metrics", Number(annotations["prometheus.io/port"])]))) {
      problems.push(`${nameOf(workload)}: no policy lets Prometheus in`);
    }
    if (workload === coordinator || !containers(workload).some(programOf)) {
      continue;
    }
    if (!concerning(coordinator, "Ingress").some(({ spec }) => admits(spec.ingress ?? [], "from", labels, ["grpc", 7070]))) {
      problems.push(`${nameOf(workload)}: no policy lets its pods in at the coordinator`);
    }
    const out = concerning(workload, "Egress");
    const to = { pod: coordinator.spec.template.metadata.labels };
    if (out.length > 0 && !out.some(({ spec }) => admits(spec.egress ?? [], "to", to, ["grpc", 7070]))) {
      problems.push(`${nameOf(workload)}: no policy lets its pods out to the coordinator`);
    }
    const names = { pod: { "k8s-app": "kube-dns" }, namespace: { "kubernetes.io/metadata.name": "kube-system" } };
    if (out.length > 0 && !out.some(({ spec }) => admits(spec.egress ?? [], "to", names, [53]))) {
      problems.push(`${nameOf(workload)}: no policy lets its pods out to the name service`);
    }
  }
  const keda = { pod: {}, namespace: { "kubernetes.io/metadata.name": "keda" } };
  if (objects.some(({ kind }) => kind === "ScaledObject") && !concerning(coordinator, "Ingress").some(({ spec }) => admits(spec.ingress ?? [], "from", keda, ["status", 7071]))) {
    problems.push(`${nameOf(coordinator)}: no policy lets KEDA in`);
  }
  return problems;
}

/** Where code of others runs in earnest, it does not get out: egress of every pod is closed by default. */
export function closedEgress(objects) {
  const closed = objects.some(({ kind, spec }) => kind === "NetworkPolicy" && spec.policyTypes?.includes("Egress") && Object.keys(spec.podSelector ?? {}).length === 0 && !spec.egress);
  return closed ? [] : ["egress is open"];
}

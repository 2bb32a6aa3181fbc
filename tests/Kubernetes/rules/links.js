// What has to fit together by name, label or port.
import { containers, environment, nameOf, options, programOf, quantity, selects, workloads } from "../manifests.js";

const podsOf = (selector, objects) => workloads(objects).filter((workload) => selects(selector, workload.spec.template.metadata?.labels));

/** Every selector selects the pods that it is for. */
export function selectors(objects) {
  const problems = [];
  const missed = (object, what) => problems.push(`${nameOf(object)}: ${what} selects no pod`);
  for (const object of objects) {
    const pods = object.spec?.template?.metadata?.labels;
    if (pods && object.spec.selector && !selects(object.spec.selector, pods)) {
      missed(object, "its selector");
    }
    for (const constraint of object.spec?.template?.spec?.topologySpreadConstraints ?? []) {
      if (!selects(constraint.labelSelector, pods)) {
        missed(object, `the spread over ${constraint.topologyKey}`);
      }
    }
    if (object.kind === "Service" && podsOf({ matchLabels: object.spec.selector }, objects).length === 0) {
      missed(object, "its selector");
    }
    if (object.kind === "PodDisruptionBudget" && podsOf(object.spec.selector, objects).length !== 1) {
      problems.push(`${nameOf(object)}: its selector selects the pods of ${podsOf(object.spec.selector, objects).length} workloads, not of one`);
    }
    if (object.kind === "NetworkPolicy" && podsOf(object.spec.podSelector, objects).length === 0) {
      missed(object, "its podSelector");
    }
  }
  return problems;
}

/** Ports of Services and policies are ports of the containers behind them. */
export function ports(objects) {
  const problems = [];
  const check = (object, selector, wanted) => {
    for (const workload of podsOf(selector, objects)) {
      const there = containers(workload).flatMap((container) => container.ports ?? []);
      if (!there.some(({ name, containerPort }) => name === wanted || containerPort === wanted)) {
        problems.push(`${nameOf(object)}: ${nameOf(workload)} has no port ${wanted}`);
      }
    }
  };
  for (const object of objects) {
    if (object.kind === "Service") {
      object.spec.ports.forEach((port) => check(object, { matchLabels: object.spec.selector }, port.targetPort ?? port.port));
    } else if (object.kind === "NetworkPolicy") {
      (object.spec.ingress ?? []).forEach((rule) => (rule.ports ?? []).forEach(({ port }) => check(object, object.spec.podSelector, port)));
      for (const { to = [], ports: out = [] } of object.spec.egress ?? []) {
        to.filter((peer) => peer.podSelector && !peer.namespaceSelector).forEach((peer) => out.forEach(({ port }) => check(object, peer.podSelector, port)));
      }
    }
  }
  return problems;
}

/** What is referred to is there: ConfigMaps, Secrets and their keys, ServiceAccounts, priority classes, Services, volumes, what is scaled. */
export function references(objects) {
  const problems = [];
  const find = (kind, name) => objects.find((object) => object.kind === kind && object.metadata.name === name);
  const need = (object, kind, name) => find(kind, name) ?? problems.push(`${nameOf(object)}: there is no ${kind} ${name}`);
  for (const workload of workloads(objects)) {
    const pod = workload.spec.template.spec;
    need(workload, "ServiceAccount", pod.serviceAccountName);
    if (pod.priorityClassName) {
      need(workload, "PriorityClass", pod.priorityClassName);
    }
    if (workload.kind === "StatefulSet") {
      const service = need(workload, "Service", workload.spec.serviceName);
      if (service.spec && service.spec.clusterIP !== "None") {
        problems.push(`${nameOf(workload)}: its ${nameOf(service)} is not headless`);
      }
    }
    (pod.volumes ?? []).filter(({ configMap }) => configMap).forEach(({ configMap }) => need(workload, "ConfigMap", configMap.name));
    // What cert-manager writes is not there before it is applied.
    const written = objects.filter(({ kind }) => kind === "Certificate").map(({ spec }) => spec.secretName);
    (pod.volumes ?? []).filter(({ secret }) => secret && !written.includes(secret.secretName)).forEach(({ secret }) => need(workload, "Secret", secret.secretName));
    const volumes = [...(pod.volumes ?? []), ...(workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)].map(({ name }) => name);
    for (const container of containers(workload)) {
      (container.envFrom ?? []).forEach(({ configMapRef, secretRef }) => need(workload, configMapRef ? "ConfigMap" : "Secret", (configMapRef ?? secretRef).name));
      const mounts = (container.volumeMounts ?? []).map(({ name }) => name);
      mounts.filter((name) => !volumes.includes(name)).forEach((name) => problems.push(`${nameOf(workload)}: ${container.name} mounts ${name}, which is no volume`));
      const variables = environment(container, objects);
      for (const [, name] of (container.args ?? []).join(" ").matchAll(/\$\(([A-Za-z0-9_]+)\)/g)) {
        if (!variables.has(name)) {
          problems.push(`${nameOf(workload)}: ${container.name} has no variable ${name}, which its arguments name`);
        }
      }
    }
  }
  for (const object of objects.filter(({ kind }) => kind === "ScaledObject" || kind === "HorizontalPodAutoscaler")) {
    need(object, object.spec.scaleTargetRef.kind ?? "Deployment", object.spec.scaleTargetRef.name);
  }
  return problems;
}

/** Nobody may use more than it may ask for, and everybody says both. */
export function resources(objects) {
  return workloads(objects).flatMap((workload) =>
    containers(workload).flatMap((container) => {
      const { requests = {}, limits = {} } = container.resources ?? {};
      const unsaid = ["cpu", "memory"].filter((name) => !requests[name] || !limits[name]).map((name) => `${nameOf(workload)}: ${container.name} does not say how much ${name} it wants and may have`);
      const more = Object.keys(requests)
        .filter((name) => limits[name] !== undefined && quantity(requests[name]) > quantity(limits[name]))
        .map((name) => `${nameOf(workload)}: ${container.name} requests more ${name} (${requests[name]}) than its limit (${limits[name]})`);
      return [...unsaid, ...more];
    }),
  );
}

/** The addresses that programs are told are Services of these manifests, at their ports. */
export function addresses(objects) {
  const problems = [];
  const check = (object, host, port) => {
    const [name, namespace] = host.split(".");
    const service = objects.find(({ kind, metadata }) => kind === "Service" && metadata.name === name && (namespace ?? object.metadata.namespace) === metadata.namespace);
    if (!service) {
      problems.push(`${nameOf(object)}: no Service answers at ${host}`);
    } else if (!service.spec.ports.some((each) => each.port === Number(port))) {
      problems.push(`${nameOf(object)}: ${nameOf(service)} has no port ${port}`);
    }
  };
  for (const workload of workloads(objects)) {
    for (const container of containers(workload).filter(programOf)) {
      const address = options(container, objects).get("--coordinator") ?? options(container, objects).get("--address");
      if (address?.startsWith("http")) {
        const url = new URL(address);
        check(workload, url.hostname, url.port);
      }
    }
  }
  for (const object of objects.filter(({ kind }) => kind === "ScaledObject")) {
    object.spec.triggers.filter(({ type }) => type.startsWith("external")).forEach(({ metadata }) => check(object, ...metadata.scalerAddress.split(":")));
  }
  return problems;
}

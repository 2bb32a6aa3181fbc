// Manifests that are wrong in one way each: a rule that finds nothing wrong with them is worth nothing.
const find = (objects, kind, name) => objects.find((object) => object.kind === kind && object.metadata.name === name);
const coordinator = (objects) => find(objects, "StatefulSet", "cluster-coordinator");
const node = (objects) => find(objects, "Deployment", "cluster-node");
const pod = (workload) => workload.spec.template.spec;
const container = (workload) => pod(workload).containers[0];
const scaled = (objects) => find(objects, "ScaledObject", "cluster-node");
const budget = (objects) => find(objects, "PodDisruptionBudget", "cluster-node");

function argument(workload, name, value) {
  const args = container(workload).args;
  const index = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  args.splice(index, args[index] === name ? 2 : 1, ...(value === undefined ? [] : [`${name}=${value}`]));
}

const example = (name, rule, says, change) => ({ name, overlay: "examples", rule, says, change });
const secured = (name, rule, says, change) => ({ name, overlay: "overlays/production-tls", rule, says, change });
const certificate = (objects) => find(objects, "Certificate", "cluster-coordinator");
const map = (objects) => find(objects, "Job", "squares");

const remove = (objects, object) => objects.splice(objects.indexOf(object), 1);

const production = (name, rule, says, change) => ({ name, overlay: "overlays/production", rule, says, change });
const autoscaled = (name, rule, says, change) => ({ name, overlay: "overlays/autoscaled", rule, says, change });

export const fixtures = [
  production("a field that is misspelt", "fields", "terminationGracePeriod is no field", (o) => (pod(node(o)).terminationGracePeriod = 330)),
  production("a field at the wrong level", "fields", "readOnlyRootFilesystem is no field of V1PodSecurityContext", (o) => (pod(node(o)).securityContext.readOnlyRootFilesystem = true)),
  production("a required field that is missing", "schemas", "name", (o) => delete container(coordinator(o)).name),
  production("a number that is a text", "schemas", "minReadySeconds", (o) => (node(o).spec.minReadySeconds = "10")),
  production("a policy that there is not", "schemas", "imagePullPolicy", (o) => (container(node(o)).imagePullPolicy = "Sometimes")),
  production("a kind that there is not", "schemas", "no schema", (o) => o.push({ apiVersion: "keda.sh/v1alpha1", kind: "ScaledThing", metadata: { name: "x", namespace: "cluster" } })),
  autoscaled("a field that a CRD does not know", "customFields", "cooldown", (o) => (scaled(o).spec.cooldown = 300)),
  autoscaled("a deep field that a CRD does not know", "customFields", "replica", (o) => (scaled(o).spec.fallback.replica = 3)),
  production("a Service without pods", "selectors", "Service cluster-coordinator", (o) => (find(o, "Service", "cluster-coordinator").spec.selector = { app: "coordinator" })),
  production("a spread over other pods", "selectors", "topology.kubernetes.io/zone", (o) => (pod(node(o)).topologySpreadConstraints[0].labelSelector.matchLabels = { app: "node" })),
  production("a budget for all pods", "selectors", "the pods of 2 workloads", (o) => (find(o, "PodDisruptionBudget", "cluster-node").spec.selector.matchLabels = { "app.kubernetes.io/part-of": "cluster" })),
  production("a Service at no port", "ports", "has no port http", (o) => (find(o, "Service", "cluster-coordinator").spec.ports[0].targetPort = "http")),
  production("a policy for no port", "ports", "has no port https", (o) => find(o, "NetworkPolicy", "cluster-coordinator").spec.ingress.push({ from: [{ podSelector: {} }], ports: [{ port: "https" }] })),
  production("a missing ServiceAccount", "references", "no ServiceAccount cluster-node", (o) => remove(o, find(o, "ServiceAccount", "cluster-node"))),
  production("a missing priority class", "references", "no PriorityClass cluster-node", (o) => remove(o, find(o, "PriorityClass", "cluster-node"))),
  production("a mount of no volume", "references", "mounts scratch", (o) => container(node(o)).volumeMounts.push({ name: "scratch", mountPath: "/scratch" })),
  production("a variable that is not set", "references", "no variable DRAIN_GRACE", (o) => container(node(o)).args.push("--label", "grace=$(DRAIN_GRACE)")),
  production("a Service that is not headless", "references", "is not headless", (o) => (coordinator(o).spec.serviceName = "cluster-coordinator")),
  autoscaled("a scaler of nothing", "references", "no Deployment cluster-nodes", (o) => {
    scaled(o).spec.scaleTargetRef.name = "cluster-nodes";
    node(o).spec.replicas = 4;
    scaled(o).spec.triggers[0].metadata.slotsPerNode = "4";
  }),
  production("a request above its limit", "resources", "requests more memory", (o) => (container(node(o)).resources.requests.memory = "9Gi")),
  production("no limit", "resources", "does not say how much cpu", (o) => delete container(node(o)).resources.limits.cpu),
  production("an address of nobody", "addresses", "no Service answers at coordinator", (o) => argument(node(o), "--coordinator", "http://coordinator:7070")),
  production("an address at another port", "addresses", "has no port 7072", (o) => argument(node(o), "--coordinator", "http://cluster-coordinator-headless:7072")),
  autoscaled("a scaler of another namespace", "addresses", "no Service answers at", (o) => (scaled(o).spec.triggers[0].metadata.scalerAddress = "cluster-coordinator-status.default.svc:7071")),
  example("an option that the command line has not", "knownOptions", "cluster-cli has no option --token", (o) => container(map(o)).args.push("--token=x")),
  example("a client that is not let in", "network", "lets its pods in at the coordinator", (o) => delete map(o).spec.template.metadata.labels["cluster-client"]),
  production("an option that there is not", "knownOptions", "has no option --worker-count", (o) => container(node(o)).args.push("--worker-count=4")),
  production("a probe at another port", "probes", "asks port 7070", (o) => (container(node(o)).livenessProbe.grpc.port = 7070)),
  production("a probe of another kind", "probes", "does not ask gRPC health", (o) => (container(coordinator(o)).readinessProbe = { tcpSocket: { port: 7070 }, timeoutSeconds: 5 })),
  production("a probe for what is not served", "probes", "asks for the service 'alive'", (o) => (container(node(o)).livenessProbe.grpc.service = "alive")),
  production("an impatient probe", "probes", "timeout under 2 s", (o) => (container(coordinator(o)).livenessProbe.timeoutSeconds = 1)),
  production("a minute that is not given", "probes", "less than a minute", (o) => (container(coordinator(o)).startupProbe.failureThreshold = 3)),
  production("a node without metrics", "metrics", "tells no metrics", (o) => argument(node(o), "--metrics-listen")),
  production("metrics at another port", "metrics", "has metrics at port 7072", (o) => (node(o).spec.template.metadata.annotations["prometheus.io/port"] = "7071")),
  production("less time than the drain takes", "grace", "has 300 s to end and needs 315 s", (o) => (pod(node(o)).terminationGracePeriodSeconds = 300)),
  production("a coordinator that is cut off", "grace", "needs 45 s", (o) => delete pod(coordinator(o)).terminationGracePeriodSeconds),
  production("no room for temporary files", "folders", "cannot write to /tmp", (o) => (container(node(o)).volumeMounts = container(node(o)).volumeMounts.filter(({ name }) => name !== "tmp"))),
  production("shared memory on a disk", "folders", "is not in memory", (o) => delete pod(node(o)).volumes.find(({ name }) => name === "shm").emptyDir.medium),
  production("a journal that ends with its pod", "folders", "ends with its pod", (o) => {
    coordinator(o).spec.volumeClaimTemplates = [];
    pod(coordinator(o)).volumes.push({ name: "data", emptyDir: {} });
  }),
  production("a node without a token", "tokens", "has no --token-file", (o) => argument(node(o), "--token-file")),
  production("a node that could do everything", "tokens", "a token of the role admin", (o) => (pod(node(o)).volumes.find(({ name }) => name === "token").secret.secretName = "cluster-admin-token")),
  production("a token that the Secret has not", "tokens", "no Secret has the token", (o) => argument(node(o), "--token-file", "/etc/cluster/token/secret")),
  production("a container that is root", "restricted", "runs as root", (o) => (pod(node(o)).securityContext.runAsUser = 0)),
  production("a root filesystem that can be written to", "restricted", "can write to its root filesystem", (o) => (container(node(o)).securityContext.readOnlyRootFilesystem = false)),
  production("capabilities that are kept", "restricted", "keeps capabilities", (o) => (container(node(o)).securityContext.capabilities = { drop: ["NET_RAW"] })),
  production("a volume of the host", "restricted", "of a type that restricted pods may not have", (o) => pod(node(o)).volumes.push({ name: "host", hostPath: { path: "/" } })),
  production("a token for the API", "apiRights", "token for the Kubernetes API", (o) => delete pod(node(o)).automountServiceAccountToken),
  autoscaled("a reporter without a token", "apiRights", "has no token", (o) => (pod(coordinator(o)).automountServiceAccountToken = false)),
  autoscaled("a token without a use", "apiRights", "Kubernetes API", (o) => {
    argument(coordinator(o), "--pod-deletion-cost");
    remove(o, find(o, "RoleBinding", "cluster-coordinator"));
  }),
  autoscaled("rights without a use", "apiRights", "no use for", (o) => find(o, "RoleBinding", "cluster-coordinator").subjects.push({ kind: "ServiceAccount", name: "cluster-node", namespace: "cluster" })),
  autoscaled("a right too many", "apiRights", "more than patch pods", (o) => find(o, "Role", "cluster-coordinator").rules[0].verbs.push("delete")),
  autoscaled("a reporter without rights", "apiRights", "has no Role", (o) => remove(o, find(o, "Role", "cluster-coordinator"))),
  production("an object elsewhere", "namespaces", "ServiceAccount cluster-node is not in the namespace", (o) => (find(o, "ServiceAccount", "cluster-node").metadata.namespace = "default")),
  production("a namespace that takes every pod", "namespaces", "does not enforce", (o) => delete find(o, "Namespace", "cluster").metadata.labels["pod-security.kubernetes.io/enforce"]),
  production("nodes that are not let in", "network", "lets its pods in at the coordinator", (o) => find(o, "NetworkPolicy", "cluster-coordinator").spec.ingress[0].from.shift()),
  production("nodes that are not let out", "network", "lets its pods out to the coordinator", (o) => find(o, "NetworkPolicy", "cluster-to-coordinator").spec.egress.shift()),
  production("nodes without a name service", "network", "to the name service", (o) => find(o, "NetworkPolicy", "cluster-to-coordinator").spec.egress.pop()),
  example("pods that are open", "network", "everybody may connect", (o) => remove(o, find(o, "NetworkPolicy", "cluster-no-ingress"))),
  production("Prometheus kept out", "network", "no policy lets Prometheus in", (o) => (find(o, "NetworkPolicy", "cluster-node").spec.ingress[0].from[0].namespaceSelector.matchLabels = { "kubernetes.io/metadata.name": "prometheus" })),
  autoscaled("KEDA kept out", "network", "no policy lets KEDA in", (o) => remove(o, find(o, "NetworkPolicy", "cluster-coordinator-status"))),
  production("code that gets out", "closedEgress", "egress is open", (o) => remove(o, find(o, "NetworkPolicy", "cluster-no-egress"))),
  production("two coordinators", "scalers", "one coordinator", (o) => (coordinator(o).spec.replicas = 2)),
  autoscaled("more than the most", "scalers", "at least 60 and at most 50", (o) => {
    scaled(o).spec.minReplicaCount = 60;
    delete scaled(o).spec.fallback;
  }),
  autoscaled("two who scale", "scalers", "somebody who scales it", (o) => (node(o).spec.replicas = 4)),
  autoscaled("a wrong size of a node", "slots", "slotsPerNode is 2, and a node has 4 CPUs", (o) => (scaled(o).spec.triggers[0].metadata.slotsPerNode = "2")),
  secured("a certificate for another name", "tls", "dials cluster-coordinator-headless, which the certificate is not for", (o) => (certificate(o).spec.dnsNames = ["coordinator"])),
  secured("a caller who expects no TLS", "tls", "listens with TLS", (o) => argument(node(o), "--coordinator", "http://cluster-coordinator-headless:7070")),
  secured("a caller who trusts nobody", "tls", "--tls-ca names no file", (o) => argument(node(o), "--tls-ca")),
  secured("a certificate that nobody issues", "references", "there is no Secret cluster-coordinator-tls", (o) => (certificate(o).spec.secretName = "elsewhere")),
  secured("a key that nodes have", "tls", "its pods have the coordinator's key", (o) => delete pod(node(o)).volumes.find(({ name }) => name === "tls").secret.items),
  secured("a field that a certificate has not", "customFields", "dnsName", (o) => (certificate(o).spec.dnsName = "coordinator")),
  production("a budget that lets nothing go", "budgets", "may ever be evicted", (o) => (budget(o).spec.maxUnavailable = 0)),
  production("a budget that wants all", "budgets", "none of 4 pods", (o) => {
    delete budget(o).spec.maxUnavailable;
    budget(o).spec.minAvailable = 4;
  }),
  {
    name: "a budget for a DaemonSet", overlay: "overlays/daemonset", rule: "budgets", says: "cannot be counted",
    change: (o) => o.push({ ...structuredClone(find(o, "PodDisruptionBudget", "cluster-coordinator")), metadata: { name: "cluster-node", namespace: "cluster" }, spec: { maxUnavailable: "25%", selector: { matchLabels: { "app.kubernetes.io/name": "cluster-node" } } } }),
  },
];

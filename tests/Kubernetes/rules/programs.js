// What the programs themselves ask for: options that they have, folders that they can write to, probes that they answer, time to leave.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { containers, nameOf, options, programOf, repository, workloads } from "../manifests.js";

const sources = { coordinator: ["src/Coordinator/Hosting/CommandLine.cs"], node: ["src/Node/Hosting/CommandLine.cs"] };
const commands = "src/Cli/Commands";

// What a node needs beyond its grace: the end of its workers, the last words, the container's end.
const goodbyeSeconds = 15;
const coordinatorSeconds = 45;

const each = (objects) => workloads(objects).flatMap((workload) => containers(workload).map((container) => ({ workload, container, program: programOf(container) })));

/** Options are those that the programs have. */
export function knownOptions(objects) {
  return each(objects).filter(({ program }) => program).flatMap(({ workload, container, program }) => {
    const files = sources[program] ?? readdirSync(path.join(repository, commands)).filter((file) => file.endsWith(".cs")).map((file) => path.join(commands, file));
    const known = new Set(files.flatMap((file) => [...readFileSync(path.join(repository, file), "utf8").matchAll(/"(--[a-z-]+)"/g)].map(([, name]) => name)));
    return [...options(container, objects).keys()].filter((name) => !known.has(name)).map((name) => `${nameOf(workload)}: cluster-${program} has no option ${name}`);
  });
}

/** Probes ask gRPC health on the port on which the program answers without a token, for a service that it has, and give it time. */
export function probes(objects) {
  return each(objects).filter(({ program }) => sources[program]).flatMap(({ workload, container, program }) => {
    const listen = options(container, objects).get("--status-listen");
    const port = Number(listen?.split(":").pop());
    const problems = [];
    for (const name of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const probe = container[name];
      const say = (what) => problems.push(`${nameOf(workload)}: the ${name} of ${container.name} ${what}`);
      if (!probe?.grpc) {
        say("does not ask gRPC health");
        continue;
      }
      if (probe.grpc.port !== port) {
        say(`asks port ${probe.grpc.port}; cluster-${program} answers at ${port}`);
      }
      if (!(container.ports ?? []).some(({ containerPort }) => containerPort === probe.grpc.port)) {
        say(`asks port ${probe.grpc.port}, which the container does not name`);
      }
      if (probe.grpc.service !== (name === "readinessProbe" ? "ready" : "live")) {
        say(`asks for the service '${probe.grpc.service}'`);
      }
      if ((probe.timeoutSeconds ?? 1) < 2) {
        say("has a timeout under 2 s");
      }
    }
    const { startupProbe: startup = {}, livenessProbe: live = {} } = container;
    if ((startup.periodSeconds ?? 10) * (startup.failureThreshold ?? 3) < 60) {
      problems.push(`${nameOf(workload)}: ${container.name} has less than a minute to start`);
    }
    if ((live.periodSeconds ?? 10) * (live.failureThreshold ?? 3) < 30) {
      problems.push(`${nameOf(workload)}: ${container.name} is ended after less than 30 s of silence`);
    }
    return problems;
  });
}

/** Coordinator and nodes tell their metrics, at a port that the container names, and their annotations tell Prometheus where. */
export function metrics(objects) {
  return each(objects).filter(({ program }) => sources[program]).flatMap(({ workload, container, program }) => {
    const port = options(container, objects).get("--metrics-listen")?.split(":").pop();
    if (!port) {
      return [`${nameOf(workload)}: ${container.name} tells no metrics`];
    }
    const annotations = workload.spec.template.metadata.annotations ?? {};
    const problems = [];
    if (annotations["prometheus.io/scrape"] !== "true" || annotations["prometheus.io/port"] !== port || annotations["prometheus.io/path"] !== "/metrics") {
      problems.push(`${nameOf(workload)}: Prometheus is not told that cluster-${program} has metrics at port ${port}`);
    }
    if (!(container.ports ?? []).some(({ name, containerPort }) => name === "metrics" && containerPort === Number(port))) {
      problems.push(`${nameOf(workload)}: ${container.name} does not name the port ${port} of its metrics`);
    }
    return problems;
  });
}

/** Pods have longer to leave than their program takes. */
export function grace(objects) {
  return each(objects).filter(({ program }) => sources[program]).flatMap(({ workload, container, program }) => {
    const given = workload.spec.template.spec.terminationGracePeriodSeconds ?? 30;
    const needed = program === "node" ? Number(options(container, objects).get("--drain-grace") ?? 30) + goodbyeSeconds : coordinatorSeconds;
    return given < needed ? [`${nameOf(workload)}: has ${given} s to end and needs ${needed} s`] : [];
  });
}

/** The root filesystem is read-only, so whatever a program writes to is a volume; shared memory is memory. */
export function folders(objects) {
  return each(objects).filter(({ program }) => sources[program]).flatMap(({ workload, container, program }) => {
    const told = options(container, objects);
    const volumes = [
      ...(workload.spec.template.spec.volumes ?? []).filter(({ emptyDir }) => emptyDir).map((volume) => ({ name: volume.name, medium: volume.emptyDir.medium })),
      ...(workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({ name: metadata.name })),
    ];
    const volumeAt = (folder) => {
      const mount = (container.volumeMounts ?? []).find(({ mountPath, readOnly }) => !readOnly && (folder === mountPath || folder?.startsWith(`${mountPath}/`)));
      return volumes.find(({ name }) => name === mount?.name);
    };
    const temporary = (container.env ?? []).find(({ name }) => name === "TMPDIR")?.value;
    const needed = program === "node" ? ["/dev/shm", temporary, told.get("--cache-dir")] : [temporary, told.get("--data-dir")];
    const problems = needed.filter((folder) => !volumeAt(folder)).map((folder) => `${nameOf(workload)}: ${container.name} cannot write to ${folder}`);
    if (program === "node" && volumeAt("/dev/shm") && volumeAt("/dev/shm").medium !== "Memory") {
      problems.push(`${nameOf(workload)}: /dev/shm of ${container.name} is not in memory`);
    }
    if (program === "coordinator" && !(workload.spec.volumeClaimTemplates ?? []).some(({ metadata }) => metadata.name === volumeAt(told.get("--data-dir"))?.name)) {
      problems.push(`${nameOf(workload)}: the journal of ${container.name} ends with its pod`);
    }
    return problems;
  });
}

const rolesOf = { node: ["node"], cli: ["submit", "read", "admin"] };

/** Whoever listens beyond loopback has the list of tokens, and whoever calls has one of it, of a role for what it does and no more. */
export function tokens(objects) {
  const decode = (text) => Buffer.from(text, "base64").toString("utf8");
  const all = each(objects).filter(({ program }) => program).map(({ workload, container, program }) => {
    const file = options(container, objects).get("--token-file");
    const mount = (container.volumeMounts ?? []).find(({ mountPath }) => file && path.dirname(file) === mountPath);
    const volume = workload.spec.template.spec.volumes?.find(({ name }) => name === mount?.name);
    const secret = objects.find(({ kind, metadata }) => kind === "Secret" && metadata.name === volume?.secret?.secretName);
    return { workload, container, program, file, text: file && secret?.data?.[path.basename(file)] };
  });
  const list = decode(all.find(({ program, text }) => program === "coordinator" && text)?.text ?? "").split("\n").map((line) => line.split(" "));
  return all.flatMap(({ workload, container, program, file, text }) => {
    if (!text) {
      return [`${nameOf(workload)}: ${file ? `no Secret has the token that ${container.name} reads from ${file}` : `${container.name} has no --token-file`}`];
    }
    const [role] = list.find(([, secret]) => secret === decode(text)) ?? [];
    return program === "coordinator" || rolesOf[program].includes(role) ? [] : [`${nameOf(workload)}: ${container.name} has a token of the role ${role}`];
  });
}

// Who listens with TLS, who dials it, and what the certificate is for.
import { containers, nameOf, options, programOf, workloads } from "../manifests.js";

const all = (objects) => workloads(objects).flatMap((workload) => containers(workload).map((container) => ({ workload, container, program: programOf(container), told: options(container, objects) })));

/** The secret key behind a path, as { secret, key }: what a volume that is mounted there takes from where. */
function fileAt({ workload, container }, file) {
  const mount = (container.volumeMounts ?? []).find(({ mountPath }) => file?.startsWith(`${mountPath}/`));
  const secret = workload.spec.template.spec.volumes?.find(({ name }) => name === mount?.name)?.secret;
  const name = file?.slice((mount?.mountPath.length ?? 0) + 1);
  return secret && { secret: secret.secretName, key: secret.items ? secret.items.find(({ path }) => path === name)?.key : name };
}

/** Coordinator and callers agree on TLS; the certificate is cert-manager's, for the names that are dialled; only the coordinator has its key. */
export function tls(objects) {
  const problems = [];
  const coordinator = all(objects).find(({ program }) => program === "coordinator");
  if (!coordinator) {
    return [];
  }
  const secure = coordinator.told.get("--listen")?.startsWith("https:");
  const files = ["--tls-certificate", "--tls-key"].map((name) => [name, fileAt(coordinator, coordinator.told.get(name))]);
  const certificate = objects.find(({ kind, spec }) => kind === "Certificate" && spec.secretName === files[0][1]?.secret);
  if (secure) {
    files.filter(([, file]) => !file?.key).forEach(([name]) => problems.push(`${nameOf(coordinator.workload)}: listens with TLS, and ${name} names no file of a Secret`));
  }
  for (const caller of all(objects).filter(({ program }) => program && program !== "coordinator")) {
    const address = caller.told.get("--coordinator") ?? caller.told.get("--address");
    if (!address?.startsWith("http")) {
      continue;
    }
    const url = new URL(address);
    if ((url.protocol === "https:") !== Boolean(secure)) {
      problems.push(`${nameOf(caller.workload)}: dials ${address}, and the coordinator listens ${secure ? "with" : "without"} TLS`);
    } else if (secure && !fileAt(caller, caller.told.get("--tls-ca"))?.key) {
      problems.push(`${nameOf(caller.workload)}: --tls-ca names no file of a Secret`);
    } else if (certificate && !certificate.spec.dnsNames.includes(url.hostname)) {
      problems.push(`${nameOf(caller.workload)}: dials ${url.hostname}, which the certificate is not for`);
    }
    for (const { secret } of caller.workload.spec.template.spec.volumes ?? []) {
      if (certificate && secret?.secretName === certificate.spec.secretName && (!secret.items || secret.items.some(({ key }) => key === "tls.key"))) {
        problems.push(`${nameOf(caller.workload)}: its pods have the coordinator's key`);
      }
    }
  }
  return problems;
}

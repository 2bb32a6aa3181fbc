// What the rendered objects do not show.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./manifests.js";

const dockerfile = "deploy/docker/Dockerfile";
const git = (...args) => execFileSync("git", args, { cwd: repository, encoding: "utf8" }).split("\n").filter(Boolean);
const read = (file) => readFileSync(path.join(repository, file), "utf8");

export const repositoryCases = {
  "no secret is in git": () => {
    const problems = git("ls-files", "deploy")
      .filter((file) => /\.ya?ml$/.test(file) && (/^kind: Secret$/m.test(read(file)) || /secretGenerator:[^]*?literals:/.test(read(file).split("configMapGenerator")[0])))
      .map((file) => `${file} has a Secret in it`);
    if (git("ls-files", "deploy/k8s/base/tokens").length > 0) {
      problems.push("deploy/k8s/base/tokens is in git");
    }
    try {
      git("check-ignore", "deploy/k8s/base/tokens/tokens");
    } catch {
      problems.push("git does not ignore deploy/k8s/base/tokens");
    }
    return problems;
  },

  "the images are the ones that the manifests and the pods of jobs name": () => {
    const problems = [];
    const named = new Set(git("ls-files", "--cached", "--others", "--exclude-standard", "deploy/k8s").filter((file) => file.endsWith(".yaml")).flatMap((file) => [...read(file).matchAll(/image: cluster-([a-z]+)/g)].map(([, name]) => name)));
    named.forEach((name) => targets().has(name) || problems.push(`the Dockerfile has no target ${name}`));
    return problems;
  },

  "images are built from what is there": () => {
    const problems = [];
    const ignored = read(".dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    for (const [, flags, sources] of read(dockerfile).matchAll(/^COPY (--from=\S+ )?(.+) \S+$/gm)) {
      for (const source of sources.split(" ")) {
        if (flags) {
          const built = new RegExp(`^(?:RUN| &&) dotnet publish (\\S+) .*-o ${source}(?: \\\\)?$`, "m").exec(read(dockerfile));
          problems.push(...(!built ? [`nothing makes ${source}`] : existsSync(path.join(repository, built[1])) ? [] : [`there is no ${built[1]}`]));
        } else if (!existsSync(path.join(repository, source))) {
          problems.push(`there is no ${source}`);
        } else if (!ignored.some((name) => name === source || (name.endsWith(".*") && source.startsWith(name.slice(0, -1))))) {
          problems.push(`.dockerignore keeps ${source} out`);
        }
      }
    }
    return problems;
  },

  "images start programs that are in them": () => {
    const problems = [];
    const text = read(dockerfile);
    const assembly = (project) => /<AssemblyName>(.+)<\/AssemblyName>/.exec(read(project))?.[1] ?? path.basename(project, ".csproj");
    const published = new Map([...text.matchAll(/^(?:RUN| &&) dotnet publish (\S+) .*-o (\S+)(?: \\)?$/gm)].map(([, project, folder]) => [folder, project]));
    for (const [name, stage] of targets()) {
      const [, folder] = /^COPY --from=build (\S+) \/app$/m.exec(stage);
      const [, program] = /^ENTRYPOINT .*\/app\/(\S+)\.dll"\]$/m.exec(stage) ?? [];
      const project = published.get(folder);
      if (assembly(project) !== program) {
        problems.push(`${name} starts ${program}.dll, and has ${assembly(project)}.dll`);
      }
      if (/<ContainerRepository>(.+)<\/ContainerRepository>/.exec(read(project))?.[1] !== `cluster-${name}`) {
        problems.push(`PublishContainer calls the image of ${project} otherwise than cluster-${name}`);
      }
    }
    for (const [, code] of read("deploy/k8s/examples/map-job.yaml").matchAll(/--code=\/samples\/(\S+)\.dll/g)) {
      const project = published.get("/out/samples");
      problems.push(...(assembly(project) === code ? [] : [`the example's job runs ${code}.dll, and the image has ${assembly(project)}.dll`]));
    }
    return problems;
  },

  "images run as nobody in particular, as process 1, and are asked by Kubernetes": () =>
    [...targets()].flatMap(([name, text]) => [
      ...(/^USER 1654:1654$/m.test(text) ? [] : [`${name} runs as root`]),
      ...(/^ENTRYPOINT \["dotnet", "\/app\/[A-Za-z.]+\.dll"\]$/m.test(text) ? [] : [`${name} does not start its program itself`]),
      ...(/^HEALTHCHECK/m.test(text) ? [`${name} has a HEALTHCHECK`] : []),
    ]),
};

/** The stages that make images, by name, without the one that builds. */
function targets() {
  const stages = read(dockerfile).split(/^FROM /m).slice(1).map((text) => [/ AS (\S+)/.exec(text)[1], text]);
  return new Map(stages.filter(([name]) => name !== "build"));
}

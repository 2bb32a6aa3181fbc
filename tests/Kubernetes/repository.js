// What the rendered objects do not show.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./manifests.js";

const git = (...args) => execFileSync("git", args, { cwd: repository, encoding: "utf8" }).split("\n").filter(Boolean);
const read = (file) => readFileSync(path.join(repository, file), "utf8");

export const repositoryCases = {
  "no secret is in git": () => {
    const problems = git("ls-files", "deploy")
      .filter((file) => /\.ya?ml$/.test(file) && (/^kind: Secret$/m.test(read(file)) || /secretGenerator:[^]*?literals:/.test(read(file).split("configMapGenerator")[0])))
      .map((file) => `${file} has a Secret in it`);
    if (git("ls-files", "deploy/k8s/base/token").length > 0) {
      problems.push("deploy/k8s/base/token is in git");
    }
    try {
      git("check-ignore", "deploy/k8s/base/token");
    } catch {
      problems.push("git does not ignore deploy/k8s/base/token");
    }
    return problems;
  },
};

// Runs all checks and says for each, as a line of JSON, what is wrong; null: nothing. Ends with 1 if something is.
import { fixtures } from "./fixtures.js";
import { overlays, renderAll } from "./manifests.js";
import { repositoryCases } from "./repository.js";
import { check, rules, strictRules } from "./rules/index.js";

const rendered = renderAll(overlays);
let failed = false;

function report(name, error) {
  failed ||= error !== null;
  console.log(JSON.stringify({ case: name, error }));
}

for (const [name, objects] of rendered) {
  const problems = await check(objects, name === "overlays/dev" ? rules : strictRules);
  report(`overlay ${name}`, Object.keys(problems).length > 0 ? JSON.stringify(problems, null, 2) : null);
}

// Each fixture breaks one thing, and must be found out for that and for nothing else.
for (const { name, overlay, change, rule, says } of fixtures) {
  const objects = structuredClone(rendered.get(overlay));
  change(objects);
  const problems = await check(objects, strictRules);
  const found = Object.keys(problems);
  const right = found.length === 1 && found[0] === rule && problems[rule].every((problem) => problem.includes(says));
  report(`fixture ${name}`, right ? null : `Expected only ${rule} with '${says}'; found ${JSON.stringify(problems, null, 2)}`);
}

for (const [name, run] of Object.entries(repositoryCases)) {
  const problems = run();
  report(name, problems.length > 0 ? problems.join("\n") : null);
}

process.exitCode = failed ? 1 : 0;

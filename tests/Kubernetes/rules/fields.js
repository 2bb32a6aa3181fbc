// Fields that the API does not know, by the types of the official client. The API server drops such a field without a word.
import * as api from "@kubernetes/client-node";
import { nameOf } from "../manifests.js";

const plain = new Set(["string", "number", "boolean", "any", "object", "Date", "IntOrString", "V1MicroTime"]);

function walk(value, type, at, problems) {
  if (value === null || value === undefined || plain.has(type)) {
    return;
  }
  const list = type.match(/^(?:Array|Set)<(.+)>$/);
  if (list) {
    if (!Array.isArray(value)) {
      problems.push(`${at} must be a list`);
      return;
    }
    value.forEach((item, index) => walk(item, list[1], `${at}[${index}]`, problems));
    return;
  }
  const map = type.match(/^\{ \[key: string\]: (.+); \}$/);
  if (map) {
    Object.entries(value).forEach(([key, item]) => walk(item, map[1], `${at}.${key}`, problems));
    return;
  }
  const known = api[type]?.attributeTypeMap;
  if (!known) {
    problems.push(`${at} is of a type that these checks do not know: ${type}`);
    return;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    problems.push(`${at} must be an object`);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const attribute = known.find(({ baseName }) => baseName === key);
    if (attribute) {
      walk(item, attribute.type, `${at}.${key}`, problems);
    } else {
      problems.push(`${at}.${key} is no field of ${type}`);
    }
  }
}

/** Class names are version and kind: apps/v1 StatefulSet is V1StatefulSet. */
const typeOf = (object) => {
  const version = object.apiVersion.split("/").pop();
  return version[0].toUpperCase() + version.slice(1) + object.kind;
};

export const isBuiltIn = (object) => !object.apiVersion.includes("/") || !object.apiVersion.split("/")[0].includes(".") || object.apiVersion.split("/")[0].endsWith(".k8s.io");

/** Objects of the API have fields that it knows. */
export function fields(objects) {
  return objects.filter(isBuiltIn).flatMap((object) => {
    const problems = [];
    walk(object, typeOf(object), nameOf(object), problems);
    return problems;
  });
}

"""What the clients have in common: they expect, they are refused, and they print one line of JSON per case."""

import json
import traceback

import grpc


def expect(actual, wanted):
    if actual != wanted:
        raise AssertionError(f"got {actual!r}, wanted {wanted!r}")


def refused(code, action):
    """Calls, and returns the error, which has to be this one."""
    try:
        action()
    except grpc.RpcError as error:
        expect(error.code(), code)
        return error
    raise AssertionError("the call succeeded")


def run(cases, *arguments):
    for case in cases:
        try:
            case(*arguments)
            problem = None
        except Exception:
            problem = traceback.format_exc()
        print(json.dumps({"case": case.__name__, "error": problem}), flush=True)

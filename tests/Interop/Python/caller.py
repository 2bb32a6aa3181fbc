"""Makes the calls that it is told of on standard input, all at once, and says on standard output what comes back; one line of JSON each.

In: {"id", "address", "authority", "certificate", "key", "token", "schema": "v1"|"v1alpha"|a file, "method", "messages", "open": whether the client's side stays open}, {"cancel": id}.
Out: {"id", "reply"}, and at the end {"id", "code", "message"}.
"""

import json
import sys
import threading

import grpc

from dynamic import DynamicCall, open_channel
from schema import Schema

DEADLINE = 60
WRITING = threading.Lock()


def say(**what):
    with WRITING:
        print(json.dumps(what), flush=True)


class Call:
    def __init__(self, order):
        self._order = order
        self._ended = threading.Event()
        self._call = None

    def run(self):
        order = self._order
        metadata = [("authorization", f"Bearer {order['token']}")] if order["token"] else []
        try:
            with open_channel(order["address"], order["authority"], order["certificate"], order["key"]) as channel:
                known = {"metadata": metadata, "timeout": DEADLINE}
                by_reflection = order["schema"] in ("v1", "v1alpha")
                service = order["method"].partition("/")[0]
                schema = Schema.of_server(channel, service, version=order["schema"], **known) if by_reflection else Schema.of_file(order["schema"])
                self._call = DynamicCall(channel, schema, order["method"], self._messages(), **known)
                for reply in self._call.replies():
                    say(id=order["id"], reply=reply)
            say(id=order["id"], code=0, message="")
        except grpc.RpcError as error:
            say(id=order["id"], code=error.code().value[0], message=error.details())
        except Exception as error:
            say(id=order["id"], code=-1, message=repr(error))
        finally:
            self._ended.set()

    def cancel(self):
        self._ended.set()
        if self._call is not None:
            self._call.cancel()

    def _messages(self):
        yield from self._order["messages"]
        if self._order["open"]:
            self._ended.wait()


if __name__ == "__main__":
    CALLS = {}
    for line in sys.stdin:
        command = json.loads(line)
        if "cancel" in command:
            CALLS.pop(command["cancel"]).cancel()
        else:
            CALLS[command["id"]] = Call(command)
            threading.Thread(target=CALLS[command["id"]].run, daemon=True).start()

"""What grpcurl does, on grpcio: its command line, its output, its exit codes. For the guides, whose commands are run word for word where there is no grpcurl.

Usage: grpcurl.py [-plaintext] [-cacert FILE] [-cert FILE -key FILE] [-H 'name: value'] [-d JSON|@] [-max-time SECONDS] [-protoset FILE] HOST:PORT list|describe|SERVICE/METHOD [SYMBOL]
"""

import argparse
import json
import sys

import grpc

from dynamic import DynamicCall, messages_of, open_channel
from schema import Schema, Unknown, list_services


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="grpcurl", prefix_chars="-", allow_abbrev=False)
    parser.add_argument("-plaintext", action="store_true")
    for name in ("-cacert", "-cert", "-key", "-d", "-protoset"):
        parser.add_argument(name)
    parser.add_argument("-max-time", type=float)
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("address")
    parser.add_argument("verb")
    parser.add_argument("symbol", nargs="?")
    return parser.parse_args(arguments)


def print_error(error):
    code = "".join(word.capitalize() for word in error.code().name.split("_"))
    print(f"ERROR:\n  Code: {code}\n  Message: {error.details()}", file=sys.stderr)
    return 64 + error.code().value[0]


def run(options):
    metadata = [(name.strip().lower(), value.strip()) for name, _, value in (header.partition(":") for header in options.H)]
    known = {"metadata": metadata, "timeout": options.max_time}
    data = sys.stdin.read() if options.d == "@" else options.d or ""
    with open_channel(options.address, None if options.plaintext else options.cacert or "", options.cert, options.key) as channel:
        if options.verb == "list" and options.symbol is None:
            print("\n".join(list_services(channel, **known)))
            return 0
        symbol = options.symbol or options.verb.partition("/")[0]
        schema = Schema.of_file(options.protoset) if options.protoset else Schema.of_server(channel, symbol, **known)
        if options.verb == "list":
            print("\n".join(schema.methods(symbol)))
        elif options.verb == "describe":
            print(schema.describe(symbol))
        else:
            for reply in DynamicCall(channel, schema, options.verb, messages_of(data), **known).replies():
                print(json.dumps(reply, indent=2, ensure_ascii=False), flush=True)
        return 0


if __name__ == "__main__":
    try:
        sys.exit(run(options_of(sys.argv[1:])))
    except Unknown as unknown:
        print(f"Error invoking method: {unknown}", file=sys.stderr)
        sys.exit(1)
    except grpc.RpcError as rpc_error:
        sys.exit(print_error(rpc_error))

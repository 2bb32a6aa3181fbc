"""Calls of methods that are known by their descriptors only: JSON in, JSON out."""

import json

import grpc
from google.protobuf import json_format


def open_channel(address, authority_file=None, certificate_file=None, key_file=None):
    """A channel to HOST:PORT; with TLS where there is a file of authorities, or "" for those that the system trusts."""
    if authority_file is None:
        return grpc.insecure_channel(address)
    read = lambda path: open(path, "rb").read() if path else None
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(read(authority_file), read(key_file), read(certificate_file)))


def messages_of(text):
    """The JSON documents of a text, one after another."""
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        yield document


def shortened(value):
    """Numbers as JSON has them elsewhere: 1, not 1.0."""
    if isinstance(value, dict):
        return {name: shortened(field) for name, field in value.items()}
    if isinstance(value, list):
        return [shortened(element) for element in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


class DynamicCall:
    """One call, of any of the four kinds."""

    def __init__(self, channel, schema, path, messages, metadata=(), timeout=None):
        method = schema.method(path)
        request, reply = schema.message(method.input_type), schema.message(method.output_type)
        kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
        invoke = getattr(channel, kind)(f"/{path}", request_serializer=request.SerializeToString, response_deserializer=reply.FromString)
        requests = (json_format.ParseDict(message, request()) for message in messages)
        self._streams = method.server_streaming
        argument = requests if method.client_streaming else next(requests, request())
        self._call = invoke(argument, metadata=metadata, timeout=timeout) if self._streams else invoke.future(argument, metadata=metadata, timeout=timeout)

    def replies(self):
        for reply in self._call if self._streams else iter((self._call.result(),)):
            yield shortened(json_format.MessageToDict(reply))

    def cancel(self):
        self._call.cancel()

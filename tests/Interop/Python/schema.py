"""What a server serves, as it says itself (reflection) or as a file says (a protoset): methods, and the messages that they take and give."""

import os

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# The stubs of grpc.reflection are beside this file, and the package grpc is elsewhere.
grpc.__path__.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "grpc"))
from grpc.reflection.v1 import reflection_pb2  # noqa: E402


class Unknown(Exception):
    """There is no such thing."""


class Schema:
    def __init__(self):
        self._pool = descriptor_pool.DescriptorPool()
        self._files = {}

    @staticmethod
    def of_file(path):
        schema = Schema()
        with open(path, "rb") as protoset:
            for file in descriptor_pb2.FileDescriptorSet.FromString(protoset.read()).file:
                schema._add(file)
        return schema

    @staticmethod
    def of_server(channel, symbol, **options):
        """What the server tells of a symbol. Options: version (of the protocol of reflection), metadata, timeout."""
        schema = Schema()
        answer = ask(channel, reflection_pb2.ServerReflectionRequest(file_containing_symbol=symbol), **options)
        files = [descriptor_pb2.FileDescriptorProto.FromString(data) for data in answer.file_descriptor_response.file_descriptor_proto]
        schema._add_all({file.name: file for file in files})
        return schema

    def services(self):
        return sorted(f"{file.package}.{service.name}" for file in self._files.values() for service in file.service)

    def methods(self, service):
        return [f"{service}.{method.name}" for method in self._service(service).method]

    def method(self, path):
        service, _, name = path.partition("/")
        for method in self._service(service).method:
            if method.name == name:
                return method
        raise Unknown(f'service "{service}" does not include a method named "{name}"')

    def message(self, name):
        """The class of a message: `.cluster.v1.MapRequest`."""
        return message_factory.MessageFactory(self._pool).GetPrototype(self._pool.FindMessageTypeByName(name.lstrip(".")))

    def describe(self, symbol):
        for file in self._files.values():
            for thing in (*file.message_type, *file.enum_type, *file.service):
                if f"{file.package}.{thing.name}" == symbol:
                    return str(thing)
        raise Unknown(f"Symbol not found: {symbol}")

    def _service(self, name):
        for file in self._files.values():
            for service in file.service:
                if f"{file.package}.{service.name}" == name:
                    return service
        raise Unknown(f'server does not expose service "{name}"')

    def _add_all(self, files):
        while files:
            self._add_after_its_dependencies(next(iter(files)), files)

    def _add_after_its_dependencies(self, name, files):
        file = files.pop(name)
        for dependency in file.dependency:
            if dependency in files:
                self._add_after_its_dependencies(dependency, files)
        self._add(file)

    def _add(self, file):
        self._files[file.name] = file
        self._pool.Add(file)


def ask(channel, question, version="v1", metadata=(), timeout=None):
    """One question to the service of reflection."""
    call = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    answer = next(call(iter((question,)), metadata=metadata, timeout=timeout))
    if answer.HasField("error_response"):
        raise Unknown(answer.error_response.error_message)
    return answer


def list_services(channel, **options):
    answer = ask(channel, reflection_pb2.ServerReflectionRequest(list_services="*"), **options)
    return sorted(service.name for service in answer.list_services_response.service)

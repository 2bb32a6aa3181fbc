"""The interop cases of gRPC with grpcio's client. Usage: interop_client.py HOST:PORT. Prints one line of JSON per case."""

import sys

import grpc

import empty_pb2
import messages_pb2 as m
import test_pb2_grpc
from cases import expect, run

REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
DEADLINE = 20


def payload(size):
    return m.Payload(body=b"\0" * size)


def wanted(*sizes, payload_size=100):
    return m.StreamingOutputCallRequest(response_parameters=[m.ResponseParameters(size=s) for s in sizes], payload=payload(payload_size))


def code_of(action):
    try:
        action()
    except grpc.RpcError as error:
        return error.code(), error.details()
    raise AssertionError("the call succeeded")


def empty_unary(stub):
    expect(stub.EmptyCall(empty_pb2.Empty(), timeout=DEADLINE), empty_pb2.Empty())


def large_unary(stub, **options):
    response = stub.UnaryCall(m.SimpleRequest(response_size=314159, payload=payload(271828)), timeout=DEADLINE, **options)
    expect(response.payload.body, b"\0" * 314159)


def client_streaming(stub):
    requests = (m.StreamingInputCallRequest(payload=payload(s)) for s in REQUEST_SIZES)
    expect(stub.StreamingInputCall(requests, timeout=DEADLINE).aggregated_payload_size, 74922)


def server_streaming(stub):
    responses = stub.StreamingOutputCall(wanted(*RESPONSE_SIZES), timeout=DEADLINE)
    expect([len(r.payload.body) for r in responses], list(RESPONSE_SIZES))


def ping_pong(stub):
    import queue

    requests = queue.Queue()
    responses = stub.FullDuplexCall(iter(requests.get, None), timeout=DEADLINE)
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        requests.put(wanted(response_size, payload_size=request_size))
        expect(len(next(responses).payload.body), response_size)
    requests.put(None)
    expect(list(responses), [])


def empty_stream(stub):
    expect(list(stub.FullDuplexCall(iter(()), timeout=DEADLINE)), [])


def cancel_after_begin(stub):
    import threading

    hold = threading.Event()

    def requests():
        hold.wait(DEADLINE)
        return
        yield

    future = stub.StreamingInputCall.future(requests(), timeout=DEADLINE)
    future.cancel()
    hold.set()
    expect(future.cancelled(), True)
    expect(future.code(), grpc.StatusCode.CANCELLED)


def cancel_after_first_response(stub):
    import queue

    requests = queue.Queue()
    responses = stub.FullDuplexCall(iter(requests.get, None), timeout=DEADLINE)
    requests.put(wanted(31415))
    expect(len(next(responses).payload.body), 31415)
    responses.cancel()
    expect(code_of(lambda: next(responses))[0], grpc.StatusCode.CANCELLED)
    requests.put(None)


def timeout_on_sleeping_server(stub):
    import threading

    hold = threading.Event()

    def requests():
        yield m.StreamingOutputCallRequest(payload=payload(27182))
        hold.wait(DEADLINE)

    expect(code_of(lambda: next(stub.FullDuplexCall(requests(), timeout=0.001)))[0], grpc.StatusCode.DEADLINE_EXCEEDED)
    hold.set()


def status_code_and_message(stub):
    status = m.EchoStatus(code=2, message="test status message")
    wanted_status = (grpc.StatusCode.UNKNOWN, "test status message")
    expect(code_of(lambda: stub.UnaryCall(m.SimpleRequest(response_status=status), timeout=DEADLINE)), wanted_status)
    expect(code_of(lambda: list(stub.FullDuplexCall(iter((m.StreamingOutputCallRequest(response_status=status),)), timeout=DEADLINE))), wanted_status)


def special_status_message(stub):
    message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    status = m.EchoStatus(code=2, message=message)
    expect(code_of(lambda: stub.UnaryCall(m.SimpleRequest(response_status=status), timeout=DEADLINE)), (grpc.StatusCode.UNKNOWN, message))


def custom_metadata(stub):
    metadata = (("x-grpc-test-echo-initial", "test_initial_metadata_value"), ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
    response, call = stub.UnaryCall.with_call(m.SimpleRequest(response_size=314159, payload=payload(271828)), timeout=DEADLINE, metadata=metadata)
    expect(dict(call.initial_metadata())["x-grpc-test-echo-initial"], "test_initial_metadata_value")
    expect(dict(call.trailing_metadata())["x-grpc-test-echo-trailing-bin"], b"\xab\xab\xab")
    duplex = stub.FullDuplexCall(iter((wanted(314159),)), timeout=DEADLINE, metadata=metadata)
    expect(len(next(duplex).payload.body), 314159)
    expect(dict(duplex.initial_metadata())["x-grpc-test-echo-initial"], "test_initial_metadata_value")
    expect(list(duplex), [])
    expect(dict(duplex.trailing_metadata())["x-grpc-test-echo-trailing-bin"], b"\xab\xab\xab")


def unimplemented_method(stub):
    expect(code_of(lambda: stub.UnimplementedCall(empty_pb2.Empty(), timeout=DEADLINE))[0], grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service(stub):
    other = test_pb2_grpc.UnimplementedServiceStub(CHANNEL)
    expect(code_of(lambda: other.UnimplementedCall(empty_pb2.Empty(), timeout=DEADLINE))[0], grpc.StatusCode.UNIMPLEMENTED)


def client_compressed_unary(stub):
    request = m.SimpleRequest(expect_compressed=m.BoolValue(value=True), response_size=314159, payload=payload(271828))
    expect(code_of(lambda: stub.UnaryCall(request, timeout=DEADLINE))[0], grpc.StatusCode.INVALID_ARGUMENT)
    expect(len(stub.UnaryCall(request, timeout=DEADLINE, compression=grpc.Compression.Gzip).payload.body), 314159)


def client_compressed_streaming(stub):
    requests = (m.StreamingInputCallRequest(expect_compressed=m.BoolValue(value=True), payload=payload(s)) for s in (27182, 45904))
    response = stub.StreamingInputCall(requests, timeout=DEADLINE, compression=grpc.Compression.Gzip)
    expect(response.aggregated_payload_size, 73086)


def server_compressed_unary(stub):
    for compressed in (True, False):
        request = m.SimpleRequest(response_compressed=m.BoolValue(value=compressed), response_size=314159, payload=payload(271828))
        expect(stub.UnaryCall(request, timeout=DEADLINE).payload.body, b"\0" * 314159)


def server_compressed_streaming(stub):
    request = m.StreamingOutputCallRequest(
        response_parameters=[
            m.ResponseParameters(size=31415, compressed=m.BoolValue(value=True)),
            m.ResponseParameters(size=92653, compressed=m.BoolValue(value=False)),
        ]
    )
    expect([len(r.payload.body) for r in stub.StreamingOutputCall(request, timeout=DEADLINE)], [31415, 92653])


CASES = (
    empty_unary,
    large_unary,
    client_streaming,
    server_streaming,
    ping_pong,
    empty_stream,
    cancel_after_begin,
    cancel_after_first_response,
    timeout_on_sleeping_server,
    status_code_and_message,
    special_status_message,
    custom_metadata,
    unimplemented_method,
    unimplemented_service,
    client_compressed_unary,
    client_compressed_streaming,
    server_compressed_unary,
    server_compressed_streaming,
)

if __name__ == "__main__":
    with grpc.insecure_channel(sys.argv[1]) as CHANNEL:
        run(CASES, test_pb2_grpc.TestServiceStub(CHANNEL))

"""What KEDA asks, with grpcio's client. Usage: scaler_client.py HOST:PORT STATUS_HOST:PORT PROTOCOL_VERSION. Prints one line of JSON per case."""

import queue
import struct
import sys

import grpc

from cases import expect, refused, run
from cluster.v1 import batch_pb2, jobs_pb2, jobs_pb2_grpc, nodes_pb2, nodes_pb2_grpc, terms_pb2
from externalscaler import externalscaler_pb2 as e
from externalscaler import externalscaler_pb2_grpc

DEADLINE = 30


def reference(**metadata):
    return e.ScaledObjectRef(name="cluster-node", namespace="cluster", scalerMetadata={"scalerAddress": "here:7071", **metadata})


def nodes(scaler, **metadata):
    reply = scaler.GetMetrics(e.GetMetricsRequest(scaledObjectRef=reference(**metadata), metricName="nodes"), timeout=DEADLINE)
    value = reply.metricValues[0]
    expect((len(reply.metricValues), value.metricName, value.metricValueFloat), (1, "nodes", value.metricValue))
    return value.metricValue


class Stream:
    """One side of a stream, message by message."""

    def __init__(self, method):
        self.requests = queue.Queue()
        self.replies = method(iter(self.requests.get, None), timeout=DEADLINE)

    def end(self):
        self.requests.put(None)


def job(channel, protocol, items):
    run = Stream(jobs_pb2_grpc.JobsStub(channel).Run)
    spec = jobs_pb2.JobSpec(
        protocol_version=protocol, name="squares", input_format=batch_pb2.FORMAT_RAW, input_stride=8, arguments=jobs_pb2.ARGUMENTS_SINGLE, on_error=terms_pb2.ON_ERROR_COLLECT, chunk_size=1
    )
    spec.function.assembly, spec.function.type, spec.function.method = "App", "App.Program", "Square"
    run.requests.put(jobs_pb2.RunRequest(open=spec))
    expect(next(run.replies).WhichOneof("reply"), "accepted")
    payload = b"".join(struct.pack("<q", item) for item in range(items))
    run.requests.put(jobs_pb2.RunRequest(inputs=batch_pb2.Batch(first=0, count=items, format=batch_pb2.FORMAT_RAW, stride=8, payload=payload)))
    run.requests.put(jobs_pb2.RunRequest(end_inputs=jobs_pb2.EndInputs(count=items)))
    return run


def the_contract_is_KEDAs(channel, scaler, protocol):
    expect(scaler.IsActive(reference(), timeout=DEADLINE).result, False)
    spec = scaler.GetMetricSpec(reference(), timeout=DEADLINE).metricSpecs
    expect([(metric.metricName, metric.targetSize, metric.targetSizeFloat) for metric in spec], [("nodes", 1, 1.0)])
    expect(nodes(scaler), 0)


def what_makes_no_sense_is_an_invalid_argument(channel, scaler, protocol):
    for metadata in ({"targetSeconds": "soon"}, {"slotsPerNode": "0"}, {"labels": "gpu"}):
        details = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: scaler.GetMetricSpec(reference(**metadata), timeout=DEADLINE)).details()
        if next(iter(metadata)) not in details:
            raise AssertionError(details)


def nothing_else_is_served_there(channel, scaler, protocol):
    with grpc.insecure_channel(sys.argv[2]) as status:
        refused(grpc.StatusCode.UNIMPLEMENTED, lambda: nodes_pb2_grpc.NodesStub(status).List(nodes_pb2.ListNodesRequest(), timeout=DEADLINE))


def a_cluster_of_no_nodes_wakes_for_a_job_and_sleeps_after_it(channel, scaler, protocol):
    watch = scaler.StreamIsActive(reference(), timeout=DEADLINE)
    expect(next(watch).result, False)
    run = job(channel, protocol, 3)
    expect(next(watch).result, True)
    expect((nodes(scaler), nodes(scaler, slotsPerNode="4"), nodes(scaler, labels="gpu=yes")), (1, 1, 1))

    # The node that KEDA starts.
    node = Stream(nodes_pb2_grpc.NodesStub(channel).Attach)
    node.requests.put(nodes_pb2.NodeMessage(hello=nodes_pb2.Hello(protocol_version=protocol, version="0.1.0", name="pod-1", slots=1, prefetch=0, host="pod-1", pid=1, runtime="none")))
    for command in node.replies:
        if command.WhichOneof("command") == "run_chunk":
            chunk = command.run_chunk
            expect(nodes(scaler), 1)
            results = jobs_pb2.Results(batches=chunk.batches, worker_pid=7)
            node.requests.put(nodes_pb2.NodeMessage(chunk_results=nodes_pb2.ChunkResults(chunk_id=chunk.chunk_id, results=results)))
            node.requests.put(nodes_pb2.NodeMessage(chunk_ended=nodes_pb2.ChunkEnded(chunk_id=chunk.chunk_id, end=nodes_pb2.CHUNK_END_DONE)))
            if chunk.batches[0].first == 2:
                break
    end = next(reply for reply in run.replies if reply.WhichOneof("reply") == "end")
    expect(end.end.HasField("error"), False)
    run.end()
    expect(next(watch).result, False)
    expect(nodes(scaler), 0)
    node.end()
    watch.cancel()


CASES = (
    the_contract_is_KEDAs,
    what_makes_no_sense_is_an_invalid_argument,
    nothing_else_is_served_there,
    a_cluster_of_no_nodes_wakes_for_a_job_and_sleeps_after_it,
)

if __name__ == "__main__":
    with grpc.insecure_channel(sys.argv[1]) as CHANNEL, grpc.insecure_channel(sys.argv[2]) as STATUS:
        run(CASES, CHANNEL, externalscaler_pb2_grpc.ExternalScalerStub(STATUS), int(sys.argv[3]))

"""Functions by name with grpcio's client. Usage: adhoc_client.py HOST:PORT. Prints one line of JSON per case."""

import sys

import grpc
from google.protobuf import json_format

from cases import expect, refused, run
from cluster.v1 import adhoc_pb2, detached_pb2, errors_pb2, functions_pb2, functions_pb2_grpc, jobs_pb2_grpc

DEADLINE = 60
MIB = 1 << 20


def request(**fields):
    return json_format.ParseDict(fields, adhoc_pb2.MapRequest())


def mapped(jobs, **fields):
    reply = json_format.MessageToDict(jobs.Map(request(**fields), timeout=DEADLINE))
    return [result.get("value", "failed") for result in reply.get("results", [])]


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def fields_of(data):
    """The fields of a message whose definition is not here, google.rpc.Status: number and content."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            number, at = varint(data, at)
            yield tag >> 3, number
        else:
            length, at = varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length


def details(error):
    """Type and content of what the status has besides words."""
    status = dict(error.trailing_metadata())["grpc-status-details-bin"]
    for number, content in fields_of(status):
        if number == 3:
            packed = dict(fields_of(content))
            yield packed[1].decode().rsplit("/", 1)[-1], packed[2]


def results_are_in_the_order_of_the_items(jobs, functions):
    expect(mapped(jobs, function="samples/square", items=[1, 2, 3]), [1, 4, 9])
    expect(mapped(jobs, function="samples/square", items=[]), [])
    many = list(range(5000))
    expect(mapped(jobs, function="samples/square", items=many), [i * i for i in many])


def items_of_any_shape_go_in_and_come_out(jobs, functions):
    expect(mapped(jobs, function="samples/power", items=[[2, 8], [3, 2]], star=True), [256, 9])
    expect(mapped(jobs, function="samples/words", items=["\u00fc \u00fc x"]), [{"Total": 3, "ByWord": {"\u00fc": 2, "x": 1}}])
    expect(mapped(jobs, function="samples/repeat", items=[["ab", 3]], star=True), ["ababab"])


def a_failing_item_fails_in_its_place(jobs, functions):
    reply = jobs.Map(request(function="samples/share", items=[5, 0, "x"]), timeout=DEADLINE)
    expect([result.HasField("error") for result in reply.results], [False, True, True])
    expect(reply.results[0].value.number_value, 20)
    error = reply.results[1].error
    expect((error.kind, error.type, error.node), (errors_pb2.ERROR_KIND_USER, "System.DivideByZeroException", "node-1"))
    expect(reply.results[2].error.kind, errors_pb2.ERROR_KIND_ARGUMENT)


def a_stream_answers_each_item_once(jobs, functions):
    results = list(jobs.IMap(request(function="samples/square", items=list(range(2000))), timeout=DEADLINE))
    expect(sorted(result.index for result in results), list(range(2000)))
    expect(all(result.value.number_value == result.index ** 2 for result in results), True)
    ordered = jobs.IMap(request(function="samples/wait", items=[0.3, 0, 0.1], chunkSize=1, ordered=True), timeout=DEADLINE)
    expect([(result.HasField("index"), result.index) for result in ordered], [(True, 0), (True, 1), (True, 2)])


def a_stream_carries_more_than_a_message(jobs, functions):
    items = [["x", MIB]] * 6
    refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: jobs.Map(request(function="samples/repeat", items=items, star=True), timeout=DEADLINE))
    results = jobs.IMap(request(function="samples/repeat", items=items, star=True), timeout=DEADLINE)
    expect([len(result.value.string_value) for result in results], [MIB] * 6)


def a_deadline_ends_the_job(jobs, functions):
    refused(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: jobs.Map(request(function="samples/wait", items=[60, 60, 60]), timeout=0.5))
    expect(mapped(jobs, function="samples/square", items=[3]), [9])


def an_early_end_of_reading_ends_the_job(jobs, functions):
    stream = jobs.IMap(request(function="samples/wait", items=[0, 60, 60], chunkSize=1), timeout=DEADLINE)
    expect(next(stream).index, 0)
    stream.cancel()
    expect(mapped(jobs, function="samples/square", items=[3]), [9])


def versions_before_the_current_one_are_told_and_called(jobs, functions):
    samples = functions.List(functions_pb2.ListFunctionsRequest(set="samples"), timeout=DEADLINE).sets[0]
    expect(mapped(jobs, function=f"samples@{samples.version[:6]}/square", items=[5]), [25])
    error = refused(grpc.StatusCode.NOT_FOUND, lambda: mapped(jobs, function="samples@ffff/square", items=[5]))
    expect(samples.version in error.details(), True)


def what_makes_no_sense_says_so_in_words_and_in_fields(jobs, functions):
    error = refused(grpc.StatusCode.NOT_FOUND, lambda: mapped(jobs, function="samples/sqare", items=[1]))
    expect("Did you mean samples/share or samples/square?" in error.details(), True)
    kind, content = next(details(error))
    expect((kind, dict(fields_of(content))[2]), ("google.rpc.ResourceInfo", b"samples/sqare"))
    error = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: mapped(jobs, function="samples/power", items=[1]))
    expect("samples/power(double x, int exponent) takes 2 arguments" in error.details(), True)
    expect(next(details(error))[0], "google.rpc.BadRequest")
    error = refused(grpc.StatusCode.UNAVAILABLE, lambda: mapped(jobs, function="samples/square", items=[1], requires={"gpu": "1"}, noNodesTimeout="0.1s"))
    kind, content = next(details(error))
    expect((kind, errors_pb2.ErrorInfo.FromString(content).kind), ("cluster.v1.ErrorInfo", errors_pb2.ERROR_KIND_NO_NODES))
    empty = request(function="samples/square")
    empty.items.add()
    refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: jobs.Map(empty, timeout=DEADLINE))


def a_lambda_as_text_is_compiled_and_called(jobs, functions):
    expect(mapped(jobs, csharp="(int x) => x * x", items=[1, 2, 3]), [1, 4, 9])
    expect(mapped(jobs, csharp="async (string s, int n) => { await Task.Yield(); return string.Concat(Enumerable.Repeat(s, n)); }", items=[["é", 2]], star=True), ["éé"])
    compiled = functions.Compile(functions_pb2.CompileLambdaRequest(csharp="(int x, string s) => s + x"), timeout=DEADLINE)
    expect([(parameter.name, parameter.type) for parameter in compiled.description.parameters], [("x", "int"), ("s", "string")])


def a_lambda_that_does_not_compile_says_where(jobs, functions):
    error = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: mapped(jobs, csharp="(int x) =>\n  x + é + z", items=[1]))
    places = ["line 2, column 7: CS0103: The name 'é' does not exist in the current context", "line 2, column 11: CS0103: The name 'z' does not exist in the current context"]
    expect(error.details(), "`csharp` does not compile:\n" + "\n".join(places))
    kind, content = next(details(error))
    violations = [dict(fields_of(violation)) for number, violation in fields_of(content)]
    expect((kind, [(violation[1], violation[2].decode()) for violation in violations]), ("google.rpc.BadRequest", [(b"csharp", place) for place in places]))
    many = " + ".join(f"名{i}" for i in range(200))
    error = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: mapped(jobs, csharp=f"(int x) => {many}", items=[1]))
    expect(error.details().split("\n")[-1].endswith(" more"), True)


def a_submitted_job_outlives_its_call(jobs, functions):
    job = jobs.Submit(request(function="samples/share", items=[5, 0, 50], requestId="py"), timeout=DEADLINE).job_id
    expect(jobs.Submit(request(function="samples/share", items=[5, 0, 50], requestId="py"), timeout=DEADLINE).known, True)
    results = list(jobs.Results(detached_pb2.JobResultsRequest(job_id=job), timeout=DEADLINE))
    expect([(result.index, result.HasField("error")) for result in results], [(0, False), (1, True), (2, False)])
    told = list(jobs.Watch(detached_pb2.WatchJobRequest(job_id=job), timeout=DEADLINE))
    expect((told[-1].state, told[-1].completed, told[-1].failed), (detached_pb2.JOB_STATUS_DONE, 2, 1))
    expect(jobs.Get(detached_pb2.GetJobRequest(job_id=job), timeout=DEADLINE), told[-1])
    expect([result.index for result in jobs.Results(detached_pb2.JobResultsRequest(job_id=job, from_index=2), timeout=DEADLINE)], [2])
    listed = jobs.List(detached_pb2.ListJobsRequest(name_prefix="samples/share", page_size=1), timeout=DEADLINE)
    expect([info.job_id for info in listed.jobs], [job])


def a_submitted_job_can_be_cancelled(jobs, functions):
    job = jobs.Submit(request(function="samples/wait", items=[60, 60, 60]), timeout=DEADLINE).job_id
    expect(jobs.Cancel(detached_pb2.CancelJobRequest(job_id=job), timeout=DEADLINE).state, detached_pb2.JOB_STATUS_CANCELLED)
    results = list(jobs.Results(detached_pb2.JobResultsRequest(job_id=job), timeout=DEADLINE))
    expect([result.error.kind for result in results], [errors_pb2.ERROR_KIND_CANCELLED] * 3)
    error = refused(grpc.StatusCode.NOT_FOUND, lambda: jobs.Get(detached_pb2.GetJobRequest(job_id="dnone"), timeout=DEADLINE))
    expect(next(details(error))[0], "google.rpc.ResourceInfo")


CASES = (
    results_are_in_the_order_of_the_items,
    items_of_any_shape_go_in_and_come_out,
    a_failing_item_fails_in_its_place,
    a_stream_answers_each_item_once,
    a_stream_carries_more_than_a_message,
    a_deadline_ends_the_job,
    an_early_end_of_reading_ends_the_job,
    versions_before_the_current_one_are_told_and_called,
    what_makes_no_sense_says_so_in_words_and_in_fields,
    a_lambda_as_text_is_compiled_and_called,
    a_lambda_that_does_not_compile_says_where,
    a_submitted_job_outlives_its_call,
    a_submitted_job_can_be_cancelled,
)

if __name__ == "__main__":
    with grpc.insecure_channel(sys.argv[1]) as CHANNEL:
        run(CASES, jobs_pb2_grpc.JobsStub(CHANNEL), functions_pb2_grpc.FunctionsStub(CHANNEL))

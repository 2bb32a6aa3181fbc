"""Shared dictionaries with grpcio's client. Usage: dict_client.py HOST:PORT PROTOCOL_VERSION. Prints one line of JSON per case."""

import queue
import sys
import threading
import time

import grpc
from google.protobuf import duration_pb2, struct_pb2

from cases import expect, refused, run
from cluster.v1 import dict_pb2 as d
from cluster.v1 import dict_pb2_grpc, objects_pb2, objects_pb2_grpc
from cluster.v1.objects import dictionary_pb2, general_pb2

DEADLINE = 30
MIB = 1 << 20


def value(python):
    """What google.protobuf.Value says for a Python value."""
    if python is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(python, bool):
        return struct_pb2.Value(bool_value=python)
    if isinstance(python, (int, float)):
        return struct_pb2.Value(number_value=python)
    if isinstance(python, str):
        return struct_pb2.Value(string_value=python)
    if isinstance(python, list):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[value(element) for element in python]))
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields={name: value(field) for name, field in python.items()}))


def seconds(number):
    return duration_pb2.Duration(seconds=int(number), nanos=round((number - int(number)) * 1e9))


def put(dicts, name, key, what, **more):
    return dicts.Set(d.DictSetRequest(dict=name, key=value(key), value=value(what), **more), timeout=DEADLINE).version


def get(dicts, name, key):
    return dicts.Get(d.DictGetRequest(dict=name, key=value(key)), timeout=DEADLINE)


def watch(dicts, name, start=0):
    return dicts.Watch(d.DictWatchRequest(dict=name, from_revision=start), timeout=DEADLINE)


def describe(reply):
    """An event as a tuple that can be compared: what, key, value, revision."""
    what = reply.WhichOneof("event")
    key = reply.set.key if what == "set" else reply.deleted if what == "deleted" else None
    return what, key.string_value if key is not None else None, reply.set.value.number_value if what == "set" else None, reply.revision


class Session:
    """A session with all shared objects: what the dictionaries are to meet that others have made."""

    def __init__(self, objects, protocol):
        self._requests = queue.Queue()
        self._number = 0
        self._requests.put(objects_pb2.ObjectRequests(hello=objects_pb2.ObjectsHello(protocol_version=protocol, name="python")))
        self._replies = objects.Session(iter(self._requests.get, None), timeout=DEADLINE)
        self.welcome = next(self._replies).welcome

    def ask(self, **request):
        self._number += 1
        self._requests.put(objects_pb2.ObjectRequests(requests=[objects_pb2.ObjectRequest(number=self._number, **request)]))
        return next(reply for message in self._replies for reply in message.replies if reply.number == self._number)

    def open(self, kind, name):
        return self.ask(open=general_pb2.ObjectOpen(kind=kind, name=name)).opened.object

    def end(self):
        self._requests.put(objects_pb2.ObjectRequests(bye=True))
        for _ in self._replies:
            pass
        self._requests.put(None)


def values_of_every_kind_come_back(dicts, objects, protocol):
    kinds = ["", "text", "ü\0\u2028\U0001f600", 0, -1, 1.5, 1e300, 2**53, None, True, False, [], {}, [1, [2, None]], {"a": {"b": [1]}, "": "x"}]
    for index, each in enumerate(kinds):
        version = put(dicts, "kinds", index, each)
        item = get(dicts, "kinds", index)
        expect((item.value, item.key, item.version, item.bytes), (value(each), value(index), version, b""))


def keys_are_of_every_kind(dicts, objects, protocol):
    keys = ["", "1", 1, 1.5, None, True, "true", [], [1], ["1"], {"a": 1}]
    for index, key in enumerate(keys):
        put(dicts, "keys", key, index)
    for index, key in enumerate(keys):
        expect(get(dicts, "keys", key).value.number_value, index)
    listed = dicts.List(d.DictListRequest(dict="keys"), timeout=DEADLINE)
    expect([item.key for item in listed.items], [value(key) for key in keys])


def an_object_is_the_same_key_in_any_order_of_its_fields(dicts, objects, protocol):
    names = [f"field-{index}" for index in range(20)]
    put(dicts, "object-keys", [{name: {"b": 1, "a": 2} for name in names}], 7)
    expect(get(dicts, "object-keys", [{name: {"a": 2, "b": 1} for name in reversed(names)}]).value.number_value, 7)
    expect(len(dicts.List(d.DictListRequest(dict="object-keys"), timeout=DEADLINE).items), 1)


def what_is_not_there_is_not_found(dicts, objects, protocol):
    for name in ("nowhere", "somewhere"):
        details = refused(grpc.StatusCode.NOT_FOUND, lambda: get(dicts, name, "missing-key")).details()
        if name not in details or "missing-key" not in details:
            raise AssertionError(details)
        put(dicts, "somewhere", "another-key", 1)
    expect(len(dicts.List(d.DictListRequest(dict="nowhere"), timeout=DEADLINE).items), 0)
    events = watch(dicts, "nowhere")
    expect(next(events).current, True)
    expect(dicts.Delete(d.DictDeleteRequest(dict="nowhere", key=value("a")), timeout=DEADLINE).deleted, False)
    expect(dicts.Clear(d.DictClearRequest(dict="nowhere"), timeout=DEADLINE).count, 0)
    version = put(dicts, "nowhere", "a", 1)
    expect(describe(next(events)), ("set", "a", 1, version))


def what_makes_no_sense_is_an_invalid_argument(dicts, objects, protocol):
    key = value("k")
    nothing = struct_pb2.Value()
    inside = struct_pb2.Value(list_value=struct_pb2.ListValue(values=[nothing]))
    invalid = [
        lambda: dicts.Get(d.DictGetRequest(dict="bad"), timeout=DEADLINE),
        lambda: dicts.Get(d.DictGetRequest(key=key), timeout=DEADLINE),
        lambda: dicts.Get(d.DictGetRequest(), timeout=DEADLINE),
        lambda: dicts.Get(d.DictGetRequest(dict="bad", key=nothing), timeout=DEADLINE),
        lambda: dicts.Get(d.DictGetRequest(dict="bad", key=value(float("nan"))), timeout=DEADLINE),
        lambda: dicts.Set(d.DictSetRequest(dict="bad", key=key), timeout=DEADLINE),
        lambda: dicts.Set(d.DictSetRequest(dict="bad", value=key), timeout=DEADLINE),
        lambda: dicts.Set(d.DictSetRequest(key=key, value=key), timeout=DEADLINE),
        lambda: dicts.Set(d.DictSetRequest(dict="bad", key=key, value=inside), timeout=DEADLINE),
        lambda: put(dicts, "bad", "k", [float("inf")]),
        lambda: put(dicts, "bad", "k", 1, time_to_live=seconds(0)),
        lambda: put(dicts, "bad", "k", 1, time_to_live=duration_pb2.Duration(seconds=-1)),
        lambda: put(dicts, "bad", "k", 1, time_to_live=duration_pb2.Duration(seconds=1, nanos=-5)),
        lambda: put(dicts, "bad", "k", 1, time_to_live=duration_pb2.Duration(seconds=2**62)),
        lambda: put(dicts, "n" * 513, "k", 1),
        lambda: dicts.Delete(d.DictDeleteRequest(dict="bad"), timeout=DEADLINE),
        lambda: dicts.CompareAndSet(d.DictCompareAndSetRequest(dict="bad", value=key), timeout=DEADLINE),
        lambda: dicts.CompareAndSet(d.DictCompareAndSetRequest(dict="bad", key=key, value=nothing), timeout=DEADLINE),
        lambda: dicts.Increment(d.DictIncrementRequest(dict="bad"), timeout=DEADLINE),
        lambda: dicts.Increment(d.DictIncrementRequest(dict="bad", key=key, by=float("nan")), timeout=DEADLINE),
        lambda: dicts.Increment(d.DictIncrementRequest(dict="bad", key=key, by=float("inf")), timeout=DEADLINE),
        lambda: dicts.List(d.DictListRequest(), timeout=DEADLINE),
        lambda: dicts.Clear(d.DictClearRequest(), timeout=DEADLINE),
        lambda: next(watch(dicts, "")),
    ]
    codes = {}
    for index, action in enumerate(invalid):
        try:
            action()
            codes[index] = "succeeded"
        except grpc.RpcError as error:
            if error.code() not in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED) or not error.details():
                codes[index] = f"{error.code()}: {error.details()}"
    expect(codes, {})
    expect(len(dicts.List(d.DictListRequest(dict="bad"), timeout=DEADLINE).items), 0)


def a_value_has_a_megabyte_at_most(dicts, objects, protocol):
    put(dicts, "large", "k", "x" * MIB)
    expect(len(get(dicts, "large", "k").value.string_value), MIB)
    for size in (MIB + 1, 3 * MIB, 5 * MIB):
        refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: put(dicts, "large", "k", "x" * size))
    refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: put(dicts, "large", "x" * (MIB + 1), 1))
    expect(len(get(dicts, "large", "k").value.string_value), MIB)


def a_list_that_no_message_holds_says_what_to_do(dicts, objects, protocol):
    for key in range(5):
        put(dicts, "larger", key, "x" * MIB)
    details = refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: dicts.List(d.DictListRequest(dict="larger"), timeout=DEADLINE)).details()
    if "Watch" not in details:
        raise AssertionError(details)
    content = []
    for reply in watch(dicts, "larger"):
        if reply.current:
            break
        content.append(len(reply.set.value.string_value))
    expect(content, 5 * [MIB])


def depth_is_kept_or_refused(dicts, objects, protocol):
    def nested(depth):
        each = struct_pb2.Value(number_value=1)
        for _ in range(depth):
            each = struct_pb2.Value(list_value=struct_pb2.ListValue(values=[each]))
        return each

    for depth in (10, 30, 45):
        dicts.Set(d.DictSetRequest(dict="deep", key=value(depth), value=nested(depth)), timeout=DEADLINE)
        expect(get(dicts, "deep", depth).value, nested(depth))
    for depth in (48, 49, 55, 100, 1000):
        key = value(depth)
        try:
            dicts.Set(d.DictSetRequest(dict="deep", key=key, value=nested(depth)), timeout=DEADLINE)
        except grpc.RpcError as error:
            if error.code() not in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INTERNAL):
                raise
            continue
        expect(get(dicts, "deep", depth).value, nested(depth))
    expect(get(dicts, "deep", 10).value, nested(10))


def a_name_of_another_kind_is_refused(dicts, objects, protocol):
    session = Session(objects, protocol)
    session.open(general_pb2.OBJECT_KIND_QUEUE, "a-queue")
    session.end()
    name = "a-queue"
    actions = [
        lambda: get(dicts, name, "k"),
        lambda: put(dicts, name, "k", 1),
        lambda: dicts.Delete(d.DictDeleteRequest(dict=name, key=value("k")), timeout=DEADLINE),
        lambda: dicts.CompareAndSet(d.DictCompareAndSetRequest(dict=name, key=value("k"), value=value(1)), timeout=DEADLINE),
        lambda: dicts.Increment(d.DictIncrementRequest(dict=name, key=value("k")), timeout=DEADLINE),
        lambda: dicts.List(d.DictListRequest(dict=name), timeout=DEADLINE),
        lambda: dicts.Clear(d.DictClearRequest(dict=name), timeout=DEADLINE),
        lambda: next(watch(dicts, name)),
    ]
    for action in actions:
        details = refused(grpc.StatusCode.FAILED_PRECONDITION, action).details()
        if "a-queue" not in details or "dictionar" not in details:
            raise AssertionError(details)


def what_a_program_has_written_is_shown(dicts, objects, protocol):
    session = Session(objects, protocol)
    target = session.ask(open=general_pb2.ObjectOpen(kind=general_pb2.OBJECT_KIND_DICTIONARY, name="typed", key_type="System.Int32", value_type="Acme.Thing")).opened.object
    entries = {b"1": (3, b"\x00\xff"), b"2": (5, b'{"a": 1}'), b"3": (5, b"no json")}
    formats = {5: "FORMAT_JSON", 3: "FORMAT_BYTES"}
    from cluster.v1 import batch_pb2

    for key, (form, data) in entries.items():
        form = getattr(batch_pb2, formats[form])
        reply = session.ask(
            object=target,
            dict_set=dictionary_pb2.DictSet(key=general_pb2.Payload(format=batch_pb2.FORMAT_JSON, data=key), value=general_pb2.Payload(format=form, data=data)),
        )
        expect(reply.WhichOneof("result"), "done")
    item = get(dicts, "typed", 1)
    expect((item.HasField("value"), item.bytes), (False, b"\x00\xff"))
    expect(get(dicts, "typed", 2).value, value({"a": 1}))
    item = get(dicts, "typed", 3)
    expect((item.HasField("value"), item.bytes), (False, b"no json"))
    put(dicts, "typed", 4, {"b": 2})
    expect(session.ask(object=target, dict_get=dictionary_pb2.DictGet(key=general_pb2.Payload(format=batch_pb2.FORMAT_JSON, data=b"4"))).dict_entry.value.format, batch_pb2.FORMAT_JSON)
    session.end()


def compare_and_set_needs_the_version(dicts, objects, protocol):
    def compare(version, what=None):
        return dicts.CompareAndSet(
            d.DictCompareAndSetRequest(dict="cas", key=value("k"), version=version, value=None if what is None else value(what)), timeout=DEADLINE
        )

    missing = compare(5, 1)
    expect((missing.done, missing.version, missing.HasField("current")), (False, 0, False))
    first = compare(0, 1)
    expect(first.done, True)
    again = compare(0, 2)
    expect((again.done, again.current.value, again.current.version), (False, value(1), first.version))
    second = compare(first.version, 2)
    expect((second.done, second.version > first.version), (True, True))
    expect(compare(first.version, 3).done, False)
    expect(compare(first.version).done, False)
    expect(compare(second.version).done, True)
    refused(grpc.StatusCode.NOT_FOUND, lambda: get(dicts, "cas", "k"))


def increments_add_up(dicts, objects, protocol):
    def increment(key, **by):
        return dicts.Increment(d.DictIncrementRequest(dict="sums", key=value(key), **by), timeout=DEADLINE).value.number_value

    expect([increment("n"), increment("n", by=2), increment("n", by=0), increment("n", by=-0.5)], [1, 3, 3, 2.5])
    put(dicts, "sums", "text", "12")
    refused(grpc.StatusCode.FAILED_PRECONDITION, lambda: increment("text"))
    session = Session(objects, protocol)
    target = session.open(general_pb2.OBJECT_KIND_DICTIONARY, "sums")
    from cluster.v1 import batch_pb2

    largest = general_pb2.Payload(format=batch_pb2.FORMAT_JSON, data=b"9223372036854775807")
    session.ask(object=target, dict_set=dictionary_pb2.DictSet(key=general_pb2.Payload(format=batch_pb2.FORMAT_UTF8, data=b"largest"), value=largest))
    refused(grpc.StatusCode.OUT_OF_RANGE, lambda: increment("largest"))
    session.end()


def no_update_gets_lost(dicts, objects, protocol):
    def add():
        for _ in range(25):
            dicts.Increment(d.DictIncrementRequest(dict="race", key=value("increment")), timeout=DEADLINE)
            done = False
            while not done:
                current = next((i for i in dicts.List(d.DictListRequest(dict="race"), timeout=DEADLINE).items if i.key.string_value == "compare"), None)
                request = d.DictCompareAndSetRequest(
                    dict="race", key=value("compare"), version=current.version if current else 0, value=value((current.value.number_value if current else 0) + 1)
                )
                done = dicts.CompareAndSet(request, timeout=DEADLINE).done

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect((get(dicts, "race", "increment").value.number_value, get(dicts, "race", "compare").value.number_value), (150, 150))


def a_list_is_in_the_order_of_adding_and_at_one_revision(dicts, objects, protocol):
    versions = [put(dicts, "listed", f"k{index}", index) for index in range(50)]
    newer = put(dicts, "listed", "k10", -1)
    dicts.Delete(d.DictDeleteRequest(dict="listed", key=value("k20")), timeout=DEADLINE)
    listed = dicts.List(d.DictListRequest(dict="listed"), timeout=DEADLINE)
    expect([item.key.string_value for item in listed.items], [f"k{index}" for index in range(50) if index != 20])
    expect([item.version for item in listed.items], [newer if index == 10 else version for index, version in enumerate(versions) if index != 20])
    expect(listed.revision > newer, True)
    cleared = dicts.Clear(d.DictClearRequest(dict="listed"), timeout=DEADLINE)
    expect((cleared.count, cleared.revision > listed.revision), (49, True))
    expect(dicts.Delete(d.DictDeleteRequest(dict="listed", key=value("k1")), timeout=DEADLINE).deleted, False)


def a_watch_tells_everything_in_its_order(dicts, objects, protocol):
    first = put(dicts, "watched", "a", 1)
    events = watch(dicts, "watched")
    expect(describe(next(events)), ("set", "a", 1, first))
    expect(next(events).current, True)
    wanted_events = [("set", "b", 2, put(dicts, "watched", "b", 2)), ("set", "a", 3, put(dicts, "watched", "a", 3))]
    wanted_events.append(("deleted", "b", None, dicts.Delete(d.DictDeleteRequest(dict="watched", key=value("b")), timeout=DEADLINE).revision))
    dicts.Delete(d.DictDeleteRequest(dict="watched", key=value("b")), timeout=DEADLINE)
    put(dicts, "not-watched", "a", 1)
    wanted_events.append(("cleared", None, None, dicts.Clear(d.DictClearRequest(dict="watched"), timeout=DEADLINE).revision))
    expect([describe(next(events)) for _ in wanted_events], wanted_events)
    events.cancel()


def a_watch_goes_on_without_a_gap_or_a_repetition(dicts, objects, protocol):
    count = 300
    versions = []

    def write():
        for index in range(count):
            versions.append(put(dicts, "resumed", f"k{index % 7}", index))

    begin = put(dicts, "resumed", "begin", 0)
    writer = threading.Thread(target=write)
    writer.start()
    seen, last, rounds = [], begin, 0
    while len(seen) < count:
        rounds += 1
        events = watch(dicts, "resumed", last + 1)
        taken = 0
        for reply in events:
            if reply.compacted:
                raise AssertionError("the changes were forgotten")
            if reply.WhichOneof("event") == "set":
                seen.append((reply.revision, reply.set.value.number_value))
                last = reply.revision
                taken += 1
            if taken == rounds % 13 + 1 or len(seen) == count:
                break
        events.cancel()
    writer.join()
    expect(seen, list(zip(versions, range(count))))
    rest = watch(dicts, "resumed", last + 1)
    expect(next(rest).current, True)
    rest.cancel()


def a_watch_that_comes_too_late_gets_the_content(dicts, objects, protocol):
    begin = put(dicts, "late", "begin", 0)
    for index in range(7):
        put(dicts, "late", "big", "x" * (900 << 10))
    events = watch(dicts, "late", begin + 1)
    expect(next(events).compacted, True)
    expect([describe(next(events))[:2], describe(next(events))[:2]], [("set", "begin"), ("set", "big")])
    expect(next(events).current, True)
    events.cancel()


def a_watch_from_what_has_not_been_waits_for_it(dicts, objects, protocol):
    now = put(dicts, "future", "a", 1)
    events = watch(dicts, "future", now + 1)
    expect(next(events).current, True)
    expect(describe(next_after(events, lambda: put(dicts, "future", "b", 2)))[:3], ("set", "b", 2))
    events.cancel()


def next_after(events, action):
    action()
    return next(events)


def an_entry_goes_when_its_time_is_over(dicts, objects, protocol):
    events = watch(dicts, "timed")
    expect(next(events).current, True)
    began = time.monotonic()
    put(dicts, "timed", "stays", 1, time_to_live=seconds(0.2))
    put(dicts, "timed", "stays", 2)
    put(dicts, "timed", "goes", 3, time_to_live=seconds(0.4))
    expect(get(dicts, "timed", "goes").value.number_value, 3)
    told = [describe(next(events))[:2] for _ in range(4)]
    expect(told, [("set", "stays"), ("set", "stays"), ("set", "goes"), ("deleted", "goes")])
    expect(time.monotonic() - began >= 0.35, True)
    refused(grpc.StatusCode.NOT_FOUND, lambda: get(dicts, "timed", "goes"))
    expect(get(dicts, "timed", "stays").value.number_value, 2)
    events.cancel()


def a_watch_ends_with_its_deadline(dicts, objects, protocol):
    events = dicts.Watch(d.DictWatchRequest(dict="ended"), timeout=0.5)
    expect(next(events).current, True)
    refused(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(events))


CASES = (
    values_of_every_kind_come_back,
    keys_are_of_every_kind,
    an_object_is_the_same_key_in_any_order_of_its_fields,
    what_is_not_there_is_not_found,
    what_makes_no_sense_is_an_invalid_argument,
    a_value_has_a_megabyte_at_most,
    a_list_that_no_message_holds_says_what_to_do,
    depth_is_kept_or_refused,
    a_name_of_another_kind_is_refused,
    what_a_program_has_written_is_shown,
    compare_and_set_needs_the_version,
    increments_add_up,
    no_update_gets_lost,
    a_list_is_in_the_order_of_adding_and_at_one_revision,
    a_watch_tells_everything_in_its_order,
    a_watch_goes_on_without_a_gap_or_a_repetition,
    a_watch_that_comes_too_late_gets_the_content,
    a_watch_from_what_has_not_been_waits_for_it,
    an_entry_goes_when_its_time_is_over,
    a_watch_ends_with_its_deadline,
)

if __name__ == "__main__":
    with grpc.insecure_channel(sys.argv[1]) as CHANNEL:
        run(CASES, dict_pb2_grpc.DictStub(CHANNEL), objects_pb2_grpc.ObjectsStub(CHANNEL), int(sys.argv[2]))

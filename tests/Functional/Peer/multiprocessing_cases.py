"""What CPython's multiprocessing does in small cases. Prints one line per case, as `name: outcomes`; Cluster's SDK has to say the same."""

import json
import multiprocessing
import queue
import threading

MANAGER = None
NO_TIME = 0.01


def text(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def word(error):
    """What both sides call an exception."""
    if isinstance(error, KeyError):
        return "no such key"
    if isinstance(error, IndexError):
        return "out of range"
    if isinstance(error, queue.Full):
        return "full"
    if isinstance(error, queue.Empty):
        return "empty"
    if isinstance(error, threading.BrokenBarrierError):
        return "broken"
    if isinstance(error, EOFError):
        return "end"
    if isinstance(error, (ValueError, AssertionError, OSError)):
        return "refused"
    raise error


def say(*calls):
    """One outcome after another."""
    outcomes = []
    for call in calls:
        try:
            outcomes.append(text(call()))
        except Exception as error:
            outcomes.append(word(error))
    return " | ".join(outcomes)


def did(call):
    """Whether something that has no result of its own was done."""
    call()
    return True


def in_threads(count, call):
    """Calls side by side, as tasks would; the outcomes sorted."""
    outcomes = [None] * count

    def run(index):
        outcomes[index] = say(call)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def dict_popitem_takes_the_last_that_was_added():
    d = MANAGER.dict()
    d["a"], d["b"], d["c"] = 1, 2, 3
    d["a"] = 9
    del d["b"]
    d["b"] = 4
    return say(*4 * [lambda: list(d.popitem())])


def dict_setdefault_keeps_what_is_there():
    d = MANAGER.dict(a=1)
    return say(lambda: d.setdefault("a", 2), lambda: d.setdefault("b", 3), lambda: d.setdefault("b", 4), lambda: d.copy())


def dict_missing_keys():
    d = MANAGER.dict()
    return say(lambda: d["a"], lambda: d.get("a"), lambda: "a" in d, lambda: d.pop("a"), lambda: len(d))


def dict_pop():
    d = MANAGER.dict(a=1, b=2)
    return say(lambda: d.pop("a"), lambda: d.pop("a"), lambda: d.keys())


def dict_keys_stay_where_they_were_added():
    d = MANAGER.dict()
    for key in ("b", "a", "c"):
        d[key] = 1
    d["b"] = 2
    before = d.keys()
    d.pop("b")
    d["b"] = 3
    return say(lambda: before, lambda: d.keys(), lambda: d.values())


def dict_update_counts_the_last():
    d = MANAGER.dict(a=1)
    d.update([("b", 2), ("a", 3), ("b", 4)])
    return say(lambda: d.copy(), lambda: d.keys())


def dict_none_is_a_value():
    d = MANAGER.dict()
    d["a"] = None
    return say(lambda: "a" in d, lambda: d["a"], lambda: d.setdefault("a", 1), lambda: d.pop("a"), lambda: len(d))


def dict_clear():
    d = MANAGER.dict(a=1, b=2)
    return say(lambda: len(d), lambda: did(d.clear), lambda: len(d), lambda: d.keys())


def list_insert_anywhere():
    numbers = MANAGER.list([1, 2, 3])
    for index, value in ((0, 10), (-1, 11), (100, 12), (-100, 13), (2, 14)):
        numbers.insert(index, value)
    return say(lambda: numbers[:])


def list_slices():
    n = MANAGER.list(range(6))
    return say(
        lambda: n[1:3], lambda: n[-2:], lambda: n[:-1], lambda: n[4:100], lambda: n[9:12], lambda: n[3:1], lambda: n[-100:2], lambda: n[-3:-1], lambda: n[0:0]
    )


def list_remove_and_index():
    n = MANAGER.list([5, 7, 5])

    def remove(value):
        try:
            n.remove(value)
            return True
        except ValueError:
            return False

    def index(value):
        try:
            return n.index(value)
        except ValueError:
            return -1

    return say(lambda: index(5), lambda: remove(5), lambda: remove(6), lambda: index(5), lambda: index(6), lambda: n[:], lambda: 7 in n, lambda: 6 in n)


def list_pop():
    n = MANAGER.list([1, 2, 3, 4, 5])
    return say(lambda: n.pop(), lambda: n.pop(0), lambda: n.pop(-2), lambda: n.pop(2), lambda: n.pop(-3), lambda: n[:], lambda: n.pop(), lambda: n.pop(), lambda: n.pop())


def list_items():
    n = MANAGER.list([1, 2])

    def put(index, value):
        n[index] = value
        return True

    return say(lambda: n[-1], lambda: n[2], lambda: n[-3], lambda: put(-2, 9), lambda: put(2, 9), lambda: put(-3, 9), lambda: n[:])


def list_sort_and_reverse():
    n = MANAGER.list([3, 1, 2])
    words = MANAGER.list(["b", "B", "a", "é", "z", "aa", ""])
    return say(lambda: did(n.reverse), lambda: n[:], lambda: did(n.sort), lambda: n[:], lambda: did(words.sort), lambda: words[:])


def list_counts():
    n = MANAGER.list()
    return say(lambda: len(n), lambda: did(lambda: n.extend([1, 2, 1])), lambda: did(lambda: n.append(1)), lambda: n.count(1), lambda: n.count(9), lambda: len(n))


def queue_full_and_empty():
    q = multiprocessing.JoinableQueue(2)
    return say(
        lambda: q.get_nowait(),
        lambda: q.get(timeout=NO_TIME),
        lambda: did(lambda: q.put("a")),
        lambda: did(lambda: q.put_nowait("b")),
        lambda: q.put_nowait("c"),
        lambda: q.put("c", timeout=NO_TIME),
        lambda: q.qsize(),
        lambda: q.get(),
        lambda: did(lambda: q.put("d")),
        lambda: q.get(),
        lambda: q.get(),
        lambda: q.get_nowait(),
        lambda: q.qsize(),
    )


def queue_task_done_too_often():
    q = multiprocessing.JoinableQueue()
    q.put(1)
    q.put(2)
    return say(
        lambda: did(q.task_done),
        lambda: [q.get(), q.get()],
        lambda: did(q.task_done),
        lambda: did(q.join),
        lambda: did(q.task_done),
        lambda: did(lambda: q.put(3)),
        lambda: did(q.task_done),
        lambda: did(q.join),
    )


def queue_without_a_limit():
    outcomes = []
    for size in (0, -1):
        q = multiprocessing.JoinableQueue(size)
        for number in range(50):
            q.put_nowait(number)
        outcomes.append([q.get() for _ in range(50)] == list(range(50)))
    return say(lambda: outcomes)


def lock_is_not_reentrant():
    lock = multiprocessing.Lock()
    return say(
        lambda: lock.acquire(),
        lambda: lock.acquire(block=False),
        lambda: lock.acquire(timeout=NO_TIME),
        lambda: did(lock.release),
        lambda: did(lock.release),
        lambda: lock.acquire(block=False),
    )


def lock_is_released_by_anybody():
    lock = multiprocessing.Lock()
    lock.acquire()
    return say(lambda: in_threads(1, lambda: did(lock.release)), lambda: lock.acquire(block=False))


def rlock_counts():
    lock = multiprocessing.RLock()
    return say(
        lambda: did(lock.release),
        lambda: lock.acquire(),
        lambda: lock.acquire(),
        lambda: did(lock.release),
        lambda: in_threads(1, lambda: lock.acquire(block=False)),
        lambda: did(lock.release),
        lambda: did(lock.release),
    )


def semaphore_counts():
    s = multiprocessing.Semaphore(2)
    return say(
        lambda: s.acquire(block=False),
        lambda: s.acquire(block=False),
        lambda: s.acquire(block=False),
        lambda: s.acquire(timeout=NO_TIME),
        lambda: did(s.release),
        lambda: s.acquire(block=False),
        lambda: s.get_value(),
    )


def semaphore_may_have_more_than_at_first():
    s = multiprocessing.Semaphore(0)
    return say(lambda: s.acquire(block=False), lambda: did(s.release), lambda: did(s.release), lambda: s.get_value(), lambda: s.acquire(block=False))


def bounded_semaphore_may_not():
    s = multiprocessing.BoundedSemaphore(1)
    return say(lambda: did(s.release), lambda: s.acquire(), lambda: did(s.release), lambda: did(s.release), lambda: s.get_value())


def event_is_set_until_cleared():
    e = multiprocessing.Event()
    return say(
        lambda: e.is_set(),
        lambda: e.wait(0),
        lambda: e.wait(NO_TIME),
        lambda: did(e.clear),
        lambda: did(e.set),
        lambda: did(e.set),
        lambda: [e.is_set(), e.wait(), e.wait(0)],
        lambda: did(e.clear),
        lambda: [e.is_set(), e.wait(0)],
    )


def condition_needs_its_lock():
    c = multiprocessing.Condition()
    return say(lambda: c.wait(NO_TIME), lambda: did(c.notify), lambda: did(c.notify_all))


def condition_times_out():
    c = multiprocessing.Condition()
    with c:
        return say(
            lambda: c.wait(NO_TIME),
            lambda: c.wait_for(lambda: False, NO_TIME),
            lambda: c.wait_for(lambda: True, NO_TIME),
            lambda: c.wait_for(lambda: True),
            lambda: c.wait(0),
        )


def condition_wakes_as_many_as_it_is_told():
    c = multiprocessing.Condition()
    waiting = multiprocessing.Value("i", 0, lock=False)

    def wait():
        with c:
            waiting.value += 1
            c.wait()

    def sleeping():
        return c._sleeping_count.get_value()

    def notify(call):
        with c:
            before = sleeping()
            call()
            return before - sleeping()

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    everyone = False
    while not everyone:
        with c:
            everyone = waiting.value == 4
    outcome = say(lambda: notify(c.notify), lambda: notify(lambda: c.notify(2)), lambda: notify(lambda: c.notify(5)), lambda: notify(c.notify_all))
    for thread in threads:
        thread.join()
    return outcome


def barrier_gives_everybody_a_number():
    b = multiprocessing.Barrier(3)
    return say(lambda: in_threads(3, b.wait), lambda: in_threads(3, b.wait), lambda: multiprocessing.Barrier(1).wait())


def barrier_breaks_with_a_timeout():
    b = multiprocessing.Barrier(2)
    return say(lambda: b.wait(NO_TIME), lambda: b.wait(), lambda: did(b.reset), lambda: in_threads(2, b.wait), lambda: b.wait(0), lambda: b.wait())


def barrier_has_a_timeout_of_its_own():
    b = multiprocessing.Barrier(2, timeout=NO_TIME)
    return say(lambda: b.wait(), lambda: b.wait())


def while_one_waits(barrier, call):
    """What becomes of one who waits when another does something."""
    outcome = []
    thread = threading.Thread(target=lambda: outcome.append(say(barrier.wait)))
    thread.start()
    while barrier.n_waiting == 0:
        pass
    call()
    thread.join()
    return outcome[0]


def barrier_is_aborted():
    b = multiprocessing.Barrier(2)
    return say(lambda: while_one_waits(b, b.abort), lambda: b.wait(), lambda: did(b.abort), lambda: b.wait(0), lambda: did(b.reset), lambda: in_threads(2, b.wait))


def barrier_is_reset():
    b = multiprocessing.Barrier(2)
    return say(lambda: did(b.reset), lambda: while_one_waits(b, b.reset), lambda: in_threads(2, b.wait))


def barrier_has_an_action():
    ran = []
    b = multiprocessing.Barrier(3, lambda: ran.append(1))

    def wait():
        b.wait()
        return len(ran)

    return say(lambda: in_threads(3, wait), lambda: in_threads(3, wait))


def barrier_action_fails():
    def fail():
        raise ValueError

    b = multiprocessing.Barrier(2, fail)
    return say(lambda: in_threads(2, b.wait), b.wait, lambda: did(b.reset), lambda: in_threads(2, b.wait))


def pipe_ends():
    left, right = multiprocessing.Pipe()
    return say(
        lambda: left.poll(0),
        lambda: did(lambda: left.send(1)),
        lambda: did(lambda: left.send(2)),
        lambda: did(lambda: right.send(3)),
        lambda: right.poll(),
        lambda: [right.recv(), left.recv()],
        lambda: did(left.close),
        lambda: right.recv(),
        lambda: right.recv(),
        lambda: right.send(4),
        lambda: left.send(5),
    )


def pipe_in_one_direction():
    reader, writer = multiprocessing.Pipe(duplex=False)
    return say(lambda: reader.send(1), lambda: did(lambda: writer.send(2)), lambda: reader.recv(), lambda: writer.recv(), lambda: did(writer.close), lambda: reader.recv())


def array_items_and_slices():
    a = multiprocessing.Array("i", [1, 2, 3])

    def put(index, value):
        a[index] = value
        return True

    return say(
        lambda: a[-1], lambda: a[3], lambda: a[-4], lambda: put(-3, 9), lambda: put(3, 9), lambda: a[:], lambda: a[1:], lambda: a[-2:-1], lambda: a[5:9], lambda: len(a)
    )


CASES = [
    dict_popitem_takes_the_last_that_was_added,
    dict_setdefault_keeps_what_is_there,
    dict_missing_keys,
    dict_pop,
    dict_keys_stay_where_they_were_added,
    dict_update_counts_the_last,
    dict_none_is_a_value,
    dict_clear,
    list_insert_anywhere,
    list_slices,
    list_remove_and_index,
    list_pop,
    list_items,
    list_sort_and_reverse,
    list_counts,
    queue_full_and_empty,
    queue_task_done_too_often,
    queue_without_a_limit,
    lock_is_not_reentrant,
    lock_is_released_by_anybody,
    rlock_counts,
    semaphore_counts,
    semaphore_may_have_more_than_at_first,
    bounded_semaphore_may_not,
    event_is_set_until_cleared,
    condition_needs_its_lock,
    condition_times_out,
    condition_wakes_as_many_as_it_is_told,
    barrier_gives_everybody_a_number,
    barrier_breaks_with_a_timeout,
    barrier_has_a_timeout_of_its_own,
    barrier_is_aborted,
    barrier_is_reset,
    barrier_has_an_action,
    barrier_action_fails,
    pipe_ends,
    pipe_in_one_direction,
    array_items_and_slices,
]

if __name__ == "__main__":
    with multiprocessing.Manager() as MANAGER:
        for case in CASES:
            print(f"{case.__name__}: {case()}", flush=True)

"""The peer of bench/Comparison: CPython's multiprocessing and concurrent.futures, doing the same work.

Reads one request per line on stdin, {"row": NAME, ...}, runs it once, and answers with one line of JSON on stdout,
{"seconds": S} or {"seconds": [S, ...]}. Pools live for the whole run, as the cluster on the other side does.
"""

import concurrent.futures
import json
import multiprocessing
import resource
import sys
import time

WORKERS = 2
KEYS = 1000


def square(n):
    return n * n


def length(block):
    return len(block)


def echo(block):
    return block


def spin(rounds):
    value = 1
    for _ in range(rounds):
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
    return value


def spin_many(rounds, count):
    for _ in range(count):
        spin(rounds)


def set_many(mapping, worker, count):
    begin = time.perf_counter()
    for i in range(count):
        mapping[f"{worker}-{i % KEYS}"] = i
    return time.perf_counter() - begin


def consume(queue, ready, count):
    ready.set()
    return sum(queue.get() for _ in range(count))


def listen(queue, ready, count):
    ready.wait()
    seconds = []
    for _ in range(count):
        sent = queue.get()
        seconds.append(time.perf_counter() - sent)
    return seconds


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def check(condition, row):
    if not condition:
        raise AssertionError(f"{row}: wrong result")


class Rows:
    def __init__(self, pool, executor):
        self.pool = pool
        self.executor = executor
        self.blocks = None
        self.rounds = None
        self.manager = None

    def managed(self):
        """The manager's process, started when it is first needed."""
        if self.manager is None:
            self.manager = multiprocessing.Manager()
        return self.manager

    def dict_set(self, count):
        shared = self.managed().dict()
        return [timed(lambda: shared.__setitem__(f"key-{i % KEYS}", i))[0] for i in range(count)]

    def dict_get(self, count):
        shared = self.managed().dict({f"key-{i}": i for i in range(KEYS)})
        return [timed(lambda: shared[f"key-{i % KEYS}"])[0] for i in range(count)]

    def dict_workers(self, count):
        shared = self.managed().dict()
        results = [self.pool.apply_async(set_many, (shared, worker, count)) for worker in range(WORKERS)]
        seconds = max(result.get() for result in results)
        check(len(shared) == WORKERS * KEYS, "dict_workers")
        return [seconds]

    def queue(self, count):
        shared = self.managed().Queue()

        def work():
            for i in range(count):
                shared.put(i)
            return [shared.get() for _ in range(count)]

        seconds, result = timed(work)
        check(result == list(range(count)), "queue")
        return [seconds]

    def queue_to_worker(self, count):
        shared, ready = self.managed().Queue(), self.managed().Event()
        consumer = self.pool.apply_async(consume, (shared, ready, count))
        ready.wait()

        def work():
            for i in range(count):
                shared.put(i)
            return consumer.get()

        seconds, total = timed(work)
        check(total == sum(range(count)), "queue_to_worker")
        return [seconds]

    def fan_out(self, count, pause):
        """Seconds until each of the workers has what was sent to all of them: a queue for each, since a managed dict tells nobody."""
        queues = [self.managed().Queue() for _ in range(WORKERS)]
        ready = self.managed().Barrier(WORKERS + 1)
        listeners = [self.pool.apply_async(listen, (queue, ready, count)) for queue in queues]
        ready.wait()
        for _ in range(count):
            time.sleep(pause)
            now = time.perf_counter()
            for queue in queues:
                queue.put(now)
        return [seconds for listener in listeners for seconds in listener.get()]

    def pool_map(self, count):
        seconds, result = timed(lambda: self.pool.map(square, range(count)))
        check(len(result) == count and result[-1] == (count - 1) ** 2, "pool_map")
        return seconds

    def executor_map(self, count):
        # Without a chunk size every item is a task of its own, which is what its users get by default.
        seconds, result = timed(lambda: list(self.executor.map(square, range(count))))
        check(result[-1] == (count - 1) ** 2, "executor_map")
        return seconds

    def apply_async(self, count):
        seconds, result = timed(lambda: [r.get() for r in [self.pool.apply_async(square, (i,)) for i in range(count)]])
        check(sum(result) == sum(i * i for i in range(count)), "apply_async")
        return seconds

    def executor_submit(self, count):
        def work():
            futures = [self.executor.submit(square, i) for i in range(count)]
            return sum(f.result() for f in concurrent.futures.as_completed(futures))

        seconds, result = timed(work)
        check(result == sum(i * i for i in range(count)), "executor_submit")
        return seconds

    def apply(self, count):
        return [timed(lambda: self.pool.apply(square, (i,)))[0] for i in range(count)]

    def executor_result(self, count):
        return [timed(lambda: self.executor.submit(square, i).result())[0] for i in range(count)]

    def make_blocks(self, count, size):
        if self.blocks is None or len(self.blocks) != count or len(self.blocks[0]) != size:
            self.blocks = [bytes([i % 251]) * size for i in range(count)]
        return self.blocks

    def blocks_in(self, count, size):
        blocks = self.make_blocks(count, size)
        seconds, result = timed(lambda: self.pool.map(length, blocks))
        check(result == [size] * count, "blocks_in")
        return seconds

    def blocks_echo(self, count, size):
        blocks = self.make_blocks(count, size)
        seconds, result = timed(lambda: self.pool.map(echo, blocks))
        check(result == blocks, "blocks_echo")
        return seconds

    def calibrate(self, milliseconds):
        """How many rounds of spin take the given time in a plain loop."""
        if self.rounds is None:
            rounds = 10_000
            while True:
                seconds, _ = timed(lambda: spin(rounds))
                if seconds >= milliseconds / 1000:
                    break
                rounds *= 2
            best = min(timed(lambda: spin(rounds))[0] for _ in range(5))
            self.rounds = max(1, int(rounds * milliseconds / 1000 / best))
        return self.rounds

    def cpu(self, count, milliseconds):
        """Seconds on the pool, and seconds of the same work in a plain loop."""
        rounds = self.calibrate(milliseconds)
        items = [rounds] * count
        plain, _ = timed(lambda: [spin(n) for n in items])
        pooled, _ = timed(lambda: self.pool.map(spin, items, 1))
        return [pooled, plain]

    def cpu_alone(self, count, milliseconds):
        """The same, in one process for each worker that has nothing to do with the others: what the machine can do at most."""
        rounds = self.calibrate(milliseconds)
        plain, _ = timed(lambda: spin_many(rounds, count))

        def share():
            processes = [multiprocessing.Process(target=spin_many, args=(rounds, count // WORKERS)) for _ in range(WORKERS)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()

        shared, _ = timed(share)
        return [shared, plain]

    def imap(self, count):
        seconds, total = timed(lambda: sum(self.pool.imap(square, range(count), 1024)))
        check(total == sum(i * i for i in range(count)), "imap")
        return seconds

    def memory(self):
        """Peak resident set of this process in MiB."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    with multiprocessing.Pool(WORKERS) as pool, concurrent.futures.ProcessPoolExecutor(WORKERS) as executor:
        rows = Rows(pool, executor)
        pool.map(square, range(1000))
        list(executor.map(square, range(100)))
        print(json.dumps({"python": sys.version.split()[0]}), flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            row = request.pop("row")
            print(json.dumps({"seconds": getattr(rows, row)(**request)}), flush=True)


if __name__ == "__main__":
    main()

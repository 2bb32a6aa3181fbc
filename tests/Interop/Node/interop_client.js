// The interop cases of gRPC with grpc-js. Usage: node interop_client.js HOST:PORT PROTO_DIRECTORY. Prints one line of JSON per case.
'use strict';

const assert = require('assert');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, protos] = process.argv.slice(2);
const testing = grpc.loadPackageDefinition(loader.loadSync('grpc/testing/test.proto', { includeDirs: [protos], keepCase: true })).grpc.testing;
const client = new testing.TestService(address, grpc.credentials.createInsecure());
const other = new testing.UnimplementedService(address, grpc.credentials.createInsecure());
const gzipClient = new testing.TestService(address, grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 });

const requestSizes = [27182, 8, 1828, 45904];
const responseSizes = [31415, 9, 2653, 58979];
const deadline = () => ({ deadline: Date.now() + 20000 });
const payload = (size) => ({ body: Buffer.alloc(size) });
const wanted = (...sizes) => ({ response_parameters: sizes.map((size) => ({ size })), payload: payload(100) });

const unary = (stub, method, request, metadata) =>
  new Promise((resolve, reject) => {
    const seen = {};
    const call = stub[method](request, metadata || new grpc.Metadata(), deadline(), (error, response) => (error ? reject(error) : resolve({ response, seen })));
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('status', (status) => { seen.status = status; });
  });

const collect = (call) =>
  new Promise((resolve, reject) => {
    const messages = [];
    const seen = { messages };
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('data', (message) => messages.push(message));
    call.on('error', reject);
    call.on('status', (status) => { seen.status = status; if (status.code === 0) resolve(seen); });
  });

const sizesOf = (seen) => seen.messages.map((message) => message.payload.body.length);

const failure = (promise) => promise.then(() => assert.fail('the call succeeded'), (error) => error);

const clientStream = (stub, requests) =>
  new Promise((resolve, reject) => {
    const call = stub.StreamingInputCall(new grpc.Metadata(), deadline(), (error, response) => (error ? reject(error) : resolve(response)));
    requests.forEach((request) => call.write(request));
    call.end();
  });

const cases = {
  async empty_unary() {
    await unary(client, 'EmptyCall', {});
  },
  async large_unary() {
    const { response } = await unary(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) });
    assert.strictEqual(response.payload.body.length, 314159);
  },
  async client_streaming() {
    const response = await clientStream(client, requestSizes.map((size) => ({ payload: payload(size) })));
    assert.strictEqual(response.aggregated_payload_size, 74922);
  },
  async server_streaming() {
    assert.deepStrictEqual(sizesOf(await collect(client.StreamingOutputCall(wanted(...responseSizes), deadline()))), responseSizes);
  },
  async ping_pong() {
    const call = client.FullDuplexCall(deadline());
    let next = 0;
    const send = () => (next < responseSizes.length ? call.write({ ...wanted(responseSizes[next]), payload: payload(requestSizes[next++]) }) : call.end());
    call.on('data', send);
    send();
    assert.deepStrictEqual(sizesOf(await collect(call)), responseSizes);
  },
  async empty_stream() {
    const call = client.FullDuplexCall(deadline());
    call.end();
    assert.deepStrictEqual(sizesOf(await collect(call)), []);
  },
  async cancel_after_begin() {
    const error = await new Promise((resolve) => {
      client.StreamingInputCall(deadline(), resolve).cancel();
    });
    assert.strictEqual(error.code, grpc.status.CANCELLED);
  },
  async cancel_after_first_response() {
    const call = client.FullDuplexCall(deadline());
    call.on('data', () => call.cancel());
    call.write(wanted(31415));
    assert.strictEqual((await failure(collect(call))).code, grpc.status.CANCELLED);
  },
  async timeout_on_sleeping_server() {
    const call = client.FullDuplexCall({ deadline: Date.now() + 1 });
    call.on('error', () => {});
    const failed = failure(collect(call));
    call.write({ payload: payload(27182) });
    assert.strictEqual((await failed).code, grpc.status.DEADLINE_EXCEEDED);
  },
  async status_code_and_message() {
    const response_status = { code: 2, message: 'test status message' };
    const error = await failure(unary(client, 'UnaryCall', { response_status }));
    assert.deepStrictEqual([error.code, error.details], [2, 'test status message']);
    const call = client.FullDuplexCall(deadline());
    const failed = failure(collect(call));
    call.write({ response_status });
    call.end();
    assert.deepStrictEqual([(await failed).code, (await failed).details], [2, 'test status message']);
  },
  async special_status_message() {
    const message = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';
    const error = await failure(unary(client, 'UnaryCall', { response_status: { code: 2, message } }));
    assert.deepStrictEqual([error.code, error.details], [2, message]);
  },
  async custom_metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('x-grpc-test-echo-initial', 'test_initial_metadata_value');
    metadata.set('x-grpc-test-echo-trailing-bin', Buffer.from([0xab, 0xab, 0xab]));
    const check = (seen) => {
      assert.deepStrictEqual(seen.headers.get('x-grpc-test-echo-initial'), ['test_initial_metadata_value']);
      assert.deepStrictEqual(seen.status.metadata.get('x-grpc-test-echo-trailing-bin'), [Buffer.from([0xab, 0xab, 0xab])]);
    };
    const { seen } = await unary(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) }, metadata);
    await new Promise(setImmediate);
    check(seen);
    const call = client.FullDuplexCall(metadata, deadline());
    const collected = collect(call);
    call.write(wanted(314159));
    call.end();
    check(await collected);
  },
  async unimplemented_method() {
    assert.strictEqual((await failure(unary(client, 'UnimplementedCall', {}))).code, grpc.status.UNIMPLEMENTED);
  },
  async unimplemented_service() {
    assert.strictEqual((await failure(unary(other, 'UnimplementedCall', {}))).code, grpc.status.UNIMPLEMENTED);
  },
  async client_compressed_unary() {
    const request = { expect_compressed: { value: true }, response_size: 314159, payload: payload(271828) };
    assert.strictEqual((await failure(unary(client, 'UnaryCall', request))).code, grpc.status.INVALID_ARGUMENT);
    assert.strictEqual((await unary(gzipClient, 'UnaryCall', request)).response.payload.body.length, 314159);
  },
  async client_compressed_streaming() {
    const requests = [27182, 45904].map((size) => ({ expect_compressed: { value: true }, payload: payload(size) }));
    assert.strictEqual((await clientStream(gzipClient, requests)).aggregated_payload_size, 73086);
  },
  async server_compressed_unary() {
    for (const value of [true, false]) {
      const { response } = await unary(client, 'UnaryCall', { response_compressed: { value }, response_size: 314159, payload: payload(271828) });
      assert.strictEqual(response.payload.body.length, 314159);
    }
  },
  async server_compressed_streaming() {
    const request = { response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }] };
    assert.deepStrictEqual(sizesOf(await collect(client.StreamingOutputCall(request, deadline()))), [31415, 92653]);
  },
};

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    let error = null;
    try {
      await run();
    } catch (e) {
      error = e.stack;
    }
    console.log(JSON.stringify({ case: name, error }));
  }
  [client, other, gzipClient].forEach((stub) => stub.close());
})();

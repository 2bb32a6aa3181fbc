using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Sharing;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Dictionaries for ad-hoc callers, by name and in JSON.</summary>
internal sealed class DictService(ObjectLoop loop, AdHocSessions callers, StreamShutdown shutdown) : Dict.DictBase
{
    // Tag and length of an item in a list.
    private const int OverheadBytes = 6;

    public override async Task<DictItem> Get(DictGetRequest request, ServerCallContext context)
    {
        var key = Key(request.Key);
        var reply = await AskAsync(request.Dict, create: false, new ObjectRequest { DictGet = new DictGet { Key = key } }, context);
        return reply?.DictEntry is { Version: > 0 } entry
            ? JsonPayload.ToItem(key, entry.Value, entry.Version)
            : throw RichStatus.Missing("entry", request.Dict, $"The dictionary '{request.Dict}' has no entry {request.Key}.");
    }

    public override async Task<DictSetReply> Set(DictSetRequest request, ServerCallContext context)
    {
        var set = new DictSet { Key = Key(request.Key), Value = Payload(request.Value, "value"), TimeToLive = request.TimeToLive };
        var reply = await AskAsync(request.Dict, create: true, new ObjectRequest { DictSet = set }, context);
        return new DictSetReply { Version = reply!.Revision };
    }

    public override async Task<DictDeleteReply> Delete(DictDeleteRequest request, ServerCallContext context)
    {
        var reply = await AskAsync(request.Dict, create: false, new ObjectRequest { DictRemove = new DictRemove { Key = Key(request.Key) } }, context);
        return new DictDeleteReply { Deleted = reply?.Flag ?? false, Revision = reply?.Revision ?? 0 };
    }

    public override async Task<DictCompareAndSetReply> CompareAndSet(DictCompareAndSetRequest request, ServerCallContext context)
    {
        var set = new DictCompareAndSet
        {
            Key = Key(request.Key),
            Version = request.Version,
            Value = request.Value is null ? null : Payload(request.Value, "value"),
            TimeToLive = request.TimeToLive,
        };
        if (await AskAsync(request.Dict, create: set is { Value: not null, Version: 0 }, new ObjectRequest { DictCompareAndSet = set }, context) is not { } reply)
        {
            // There is no entry, and none was to be written.
            return new DictCompareAndSetReply { Done = request.Version == 0 };
        }

        var result = reply.DictCompareAndSet;
        return new DictCompareAndSetReply
        {
            Done = result.Done,
            Version = result.Done ? reply.Revision : 0,
            Current = result.Current is { Version: > 0 } current ? JsonPayload.ToItem(set.Key, current.Value, current.Version) : null,
        };
    }

    public override async Task<DictItem> Increment(DictIncrementRequest request, ServerCallContext context)
    {
        var increment = new DictIncrement { Key = Key(request.Key) };
        if (!double.IsFinite(request.By))
        {
            throw RichStatus.BadField("by", "`by` is not a finite number.");
        }

        if (request.HasBy && double.IsInteger(request.By) && Math.Abs(request.By) < 1L << 53)
        {
            increment.Integer = (long)request.By;
        }
        else if (request.HasBy)
        {
            increment.Floating = request.By;
        }

        var reply = await AskAsync(request.Dict, create: true, new ObjectRequest { DictIncrement = increment }, context);
        return JsonPayload.ToItem(increment.Key, reply!.Value, reply.Revision);
    }

    public override async Task<DictListReply> List(DictListRequest request, ServerCallContext context)
    {
        RequireName(request.Dict);
        await using var caller = ObjectCaller.Read(loop, context.CancellationToken);
        caller.Send(new ObjectRequest { Name = request.Dict, DictItems = new DictItems() });
        var list = new DictListReply();
        var bytes = 0L;
        ObjectReply page;
        do
        {
            page = await caller.ReceiveAsync();
            list.Revision = page.Revision;
            if (page.Error?.Code == ObjectErrorCode.NotFound)
            {
                break;
            }

            foreach (var entry in CheckKind(page).DictEntries.Entries)
            {
                var item = JsonPayload.ToItem(entry.Key, entry.Value, entry.Version);
                bytes += item.CalculateSize() + OverheadBytes;
                list.Items.Add(bytes <= Limits.MaxMessageBytes ? item : throw TooMuch(request.Dict));
            }
        }
        while (page.DictEntries.More);

        return list;
    }

    public override async Task<DictClearReply> Clear(DictClearRequest request, ServerCallContext context)
    {
        var reply = await AskAsync(request.Dict, create: false, new ObjectRequest { DictClear = new DictClear() }, context);
        return new DictClearReply { Count = reply?.Count ?? 0, Revision = reply?.Revision ?? 0 };
    }

    public override async Task Watch(DictWatchRequest request, IServerStreamWriter<DictWatchReply> responseStream, ServerCallContext context)
    {
        RequireName(request.Dict);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        using var stopping = shutdown.Register((_, _) => ending.Cancel());
        await using var caller = ObjectCaller.Read(loop, ending.Token);
        var isStrange = request.FromRevision != 0 && request.Incarnation.Length > 0 && request.Incarnation != loop.Incarnation;
        var watch = new DictWatch { FromRevision = request.FromRevision, Snapshot = request.FromRevision == 0 || isStrange };
        caller.Send(new ObjectRequest { Name = request.Dict, DictWatch = watch });
        try
        {
            await FollowAsync(caller, responseStream, isStrange);
        }
        catch (OperationCanceledException) when (shutdown.HasBegun)
        {
            throw RichStatus.NotNow("The coordinator is shutting down. Watch again from the revision after the last when it is back.");
        }
    }

    private async Task FollowAsync(ObjectCaller caller, IServerStreamWriter<DictWatchReply> replies, bool isStrange)
    {
        var begun = false;
        var isCompacted = false;
        while (true)
        {
            var reply = CheckKind(await caller.ReceiveAsync());
            var changes = reply.DictChanges;
            if ((changes.Compacted || isStrange) && !isCompacted)
            {
                isCompacted = true;
                await replies.WriteAsync(new DictWatchReply { Compacted = true, Revision = reply.Revision });
            }

            foreach (var change in changes.Changes)
            {
                await replies.WriteAsync(Describe(change));
            }

            if (!begun && !changes.More)
            {
                begun = true;
                await replies.WriteAsync(new DictWatchReply { Current = true, Revision = reply.Revision, Incarnation = loop.Incarnation });
            }
            else
            {
                begun |= changes is { More: false };
            }

            if (caller.Ended.IsCompleted)
            {
                throw new RpcException(await caller.Ended);
            }
        }
    }

    // No caller that has not changed the limits of its library would get it.
    private static RpcException TooMuch(string dict) => RichStatus.TooMuch(
        dict,
        $"The entries of the dictionary '{dict}' do not fit a message of {Limits.MaxMessageBytes >> 20} MiB. Dict/Watch from revision 0 tells them one by one; `current` is the end of them.");

    private static DictWatchReply Describe(DictChange change) => change.Kind switch
    {
        DictChangeKind.Set => new DictWatchReply { Set = JsonPayload.ToItem(change.Key, change.Value, change.Revision), Revision = change.Revision },
        DictChangeKind.Cleared => new DictWatchReply { Cleared = true, Revision = change.Revision },
        _ => new DictWatchReply { Deleted = JsonPayload.ToKey(change.Key), Revision = change.Revision },
    };

    /// <summary>Asks a dictionary for one thing.</summary>
    /// <returns>Null: there is no such dictionary, and it was not to be created.</returns>
    private async Task<ObjectReply?> AskAsync(string dict, bool create, ObjectRequest request, ServerCallContext context)
    {
        RequireName(dict);
        request.Name = dict;
        var reply = await callers.AskAsync(request, context.CancellationToken);
        if (reply.Error?.Code != ObjectErrorCode.NotFound)
        {
            return CheckKind(reply);
        }

        if (!create)
        {
            return null;
        }

        var opened = Check(await callers.AskAsync(new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Dictionary, Name = dict } }, context.CancellationToken)).Opened;
        await callers.AskAsync(new ObjectRequest { Object = opened.Object, Release = new ObjectRelease() }, context.CancellationToken);
        return Check(await callers.AskAsync(request.Clone(), context.CancellationToken));
    }

    private static void RequireName(string dict)
    {
        if (dict.Length == 0)
        {
            throw RichStatus.BadField("dict", "The request does not say which dictionary it is for (`dict`).");
        }
    }

    // Its message names an operation that the caller has never heard of.
    private static ObjectReply CheckKind(ObjectReply reply) => reply.Error is { Code: ObjectErrorCode.WrongKind } error
        ? throw RichStatus.With(StatusCode.FailedPrecondition, $"{error.Message} Dict is for dictionaries: name another one.", error)
        : Check(reply);

    private static ObjectReply Check(ObjectReply reply) => reply.Error is { } error
        ? throw RichStatus.With(
            error.Code switch
            {
                ObjectErrorCode.NotFound or ObjectErrorCode.Deleted => StatusCode.NotFound,
                ObjectErrorCode.TooLarge => StatusCode.ResourceExhausted,
                ObjectErrorCode.Invalid => StatusCode.InvalidArgument,
                ObjectErrorCode.NotStored => StatusCode.Unavailable,
                ObjectErrorCode.Overflow => StatusCode.OutOfRange,
                _ => StatusCode.FailedPrecondition,
            },
            error.Message,
            error)
        : reply;

    private static Payload Key(Value? key) => Payload(key, "key");

    private static Payload Payload(Value? value, string what)
    {
        if (value is null or { KindCase: Value.KindOneofCase.None })
        {
            throw RichStatus.BadField(what, $"The request has no `{what}`.");
        }

        try
        {
            return JsonPayload.From(value);
        }
        catch (InvalidOperationException exception)
        {
            throw RichStatus.BadField(what, $"The {what} is none that JSON can say: {exception.Message}");
        }
    }
}

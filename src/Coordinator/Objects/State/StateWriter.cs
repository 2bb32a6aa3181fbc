using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.State;

/// <summary>Writes down all that a machine knows. The same state gives the same records.</summary>
internal sealed class StateWriter(ObjectContext context)
{
    /// <summary>Of the layout of the records.</summary>
    public const uint Version = 1;

    public IEnumerable<ObjectsRecord> Write()
    {
        yield return new ObjectsRecord
        {
            Header = new ObjectsHeader
            {
                Version = Version,
                Revision = context.Revision,
                LastObject = context.Objects.Last,
                LastSession = context.Sessions.Last,
                Now = context.Now,
                LastDue = context.Dues.LastOrder,
                MemoryLimit = context.Memory.Limit == long.MaxValue ? 0 : context.Memory.Limit,
            },
        };

        foreach (var session in context.Sessions.InOrder)
        {
            yield return new ObjectsRecord { Session = session.SaveSession() };
            foreach (var reply in session.Replies.InOrder)
            {
                yield return new ObjectsRecord { Reply = new KeptReply { Session = session.Id, Reply = reply } };
            }
        }

        foreach (var target in context.Objects.InOrder)
        {
            var record = new ObjectRecord { Id = target.Id, Created = target.Created, Revision = target.Revision };
            target.SaveState(record);
            yield return new ObjectsRecord { Object = record };
            foreach (var part in target.SaveParts())
            {
                yield return part;
            }
        }

        foreach (var record in WriteReferences().Concat(WriteWaiters()))
        {
            yield return record;
        }
    }

    private IEnumerable<ObjectsRecord> WriteReferences() =>
        from session in context.Sessions.InOrder
        from reference in session.References.OrderBy(reference => reference.Key)
        select new ObjectsRecord { Reference = new ReferenceRecord { Session = session.Id, Object = reference.Key, Count = reference.Value } };

    private IEnumerable<ObjectsRecord> WriteWaiters()
    {
        foreach (var target in context.Objects.InOrder)
        {
            for (var line = 0; line < target.Lines.Count; line++)
            {
                for (var waiter = target.Lines[line].First; waiter is not null; waiter = waiter.Following)
                {
                    if (waiter.Session.IsReader)
                    {
                        continue;
                    }

                    yield return new ObjectsRecord
                    {
                        Waiter = new WaiterRecord
                        {
                            Object = target.Id,
                            Session = waiter.Session.Id,
                            Request = waiter.Request,
                            Line = (uint)line,
                            Due = waiter.Save(),
                            Progress = waiter.Progress,
                            Outcome = (uint)waiter.Outcome,
                        },
                    };
                }
            }
        }
    }
}

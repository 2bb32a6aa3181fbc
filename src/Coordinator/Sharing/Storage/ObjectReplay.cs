using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Sharing.Storage;

/// <summary>Shared objects as a journal tells of them.</summary>
internal sealed class ObjectReplay : IReplayedState
{
    private const uint Version = 1;

    private readonly ObjectOutput _nobody = new();
    private (JournalBegun Begun, ObjectMachine Machine)? _known;

    /// <summary>Whether there was anything.</summary>
    public bool HasBegun => _known is not null;

    /// <summary>Names the history.</summary>
    public string Incarnation => Known.Begun.Incarnation;

    /// <summary>The objects.</summary>
    public ObjectMachine Machine => Known.Machine;

    private (JournalBegun Begun, ObjectMachine Machine) Known => _known ?? throw new InvalidDataException("The journal does not say how it begins. Was its first file removed?");

    /// <summary>How a new one begins.</summary>
    public static JournalRecord Begin(string incarnation, ObjectLimits limits) =>
        new() { Begun = new JournalBegun { Version = Version, Incarnation = incarnation, Limits = LimitsRecord.Of(limits) } };

    /// <inheritdoc/>
    public void Restore(ReadOnlyMemory<byte> part)
    {
        var read = Parse(JournalPart.Parser, part);
        switch (read.PartCase)
        {
            case JournalPart.PartOneofCase.Begun:
                Begin(read.Begun);
                break;
            case JournalPart.PartOneofCase.Objects:
                Machine.Restore(read.Objects);
                break;
            default:
                throw Unknown();
        }
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlyMemory<byte> entry)
    {
        var record = Parse(JournalRecord.Parser, entry);
        switch (record.RecordCase)
        {
            case JournalRecord.RecordOneofCase.Begun:
                Begin(record.Begun);
                break;
            case JournalRecord.RecordOneofCase.Objects:
                Machine.Apply(EntryRecord.Read(record.Objects), _nobody);
                _nobody.Clear();
                break;
            default:
                throw Unknown();
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Save() =>
        Machine.Save().Select(static record => new JournalPart { Objects = record }).Prepend(new JournalPart { Begun = Known.Begun }).Select(static part => (ReadOnlyMemory<byte>)part.ToByteArray());

    private void Begin(JournalBegun begun)
    {
        if (begun.Version != Version)
        {
            throw new InvalidDataException($"The journal is of version {begun.Version}, and this coordinator reads {Version}. Start the version that wrote it.");
        }

        _known = (begun, new ObjectMachine(LimitsRecord.Read(begun.Limits)));
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte> bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("The journal has a record that this coordinator cannot read, though its checksum is right. Start the version that wrote it.", exception);
        }
    }

    private static InvalidDataException Unknown() => new("The journal has a record of a kind that this coordinator does not know. Start the version that wrote it.");
}

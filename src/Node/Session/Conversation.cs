using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;

namespace Cluster.Node.Session;

/// <summary>What the two sides of a session have said and heard, over one connection after another. It never waits and acts on nothing itself.</summary>
/// <param name="token">With what the node asks for the session on a new connection; empty: the coordinator gives it one only.</param>
/// <param name="capacity">Payload bytes that may wait for the coordinator before workers have to wait too.</param>
internal sealed class Conversation(string token, long capacity)
{
    private readonly Lock _gate = new();
    private readonly Receipts _heard = new();
    private ConnectionWriter? _connection;

    /// <summary>What the node says.</summary>
    public Outbox Outbox { get; } = new(capacity, isAcknowledged: token.Length > 0);

    /// <summary>Whether another connection can follow.</summary>
    public bool IsResumable => token.Length > 0;

    /// <summary>How to ask for the session on a new connection.</summary>
    public ResumeSession Resumption
    {
        get
        {
            lock (_gate)
            {
                return new ResumeSession { Session = token, Received = _heard.Received };
            }
        }
    }

    /// <summary>Goes on with a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="received">How many messages the coordinator has.</param>
    /// <returns>False: the session is over, or was another.</returns>
    public bool TryConnect(ConnectionWriter connection, ulong received)
    {
        lock (_gate)
        {
            if (!Outbox.TryConnect(connection, received))
            {
                return false;
            }

            _connection = connection;
            return true;
        }
    }

    /// <summary>The connection is over, and nothing more comes of it.</summary>
    public void Disconnect()
    {
        lock (_gate)
        {
            _connection = null;
            Outbox.Disconnect();
        }
    }

    /// <summary>Deals with what the coordinator says about the conversation itself.</summary>
    /// <returns>Whether it was that; otherwise the node has to act on it, and to say so by <see cref="Heard"/>.</returns>
    /// <exception cref="SessionLostException">The coordinator broke the protocol.</exception>
    public bool TryHandle(NodeCommand command) => command.CommandCase switch
    {
        NodeCommand.CommandOneofCase.HeartbeatAck => true,
        NodeCommand.CommandOneofCase.Acknowledged => Outbox.TryAcknowledge(command.Acknowledged.Received)
            ? true
            : throw new SessionLostException($"The coordinator acknowledges message {command.Acknowledged.Received}, which was not sent."),
        _ => false,
    };

    /// <summary>A command has been acted on.</summary>
    public void Heard(NodeCommand command)
    {
        bool isDue;
        lock (_gate)
        {
            isDue = _heard.Add(command.RunChunk?.Batches.Sum(static batch => (long)batch.Payload.Length) ?? 0);
        }

        if (isDue)
        {
            Acknowledge();
        }
    }

    /// <summary>Tells the coordinator what it need not keep any more.</summary>
    public void Acknowledge()
    {
        ConnectionWriter? connection;
        ulong received;
        lock (_gate)
        {
            if (!IsResumable || !_heard.TryAcknowledge(out received))
            {
                return;
            }

            connection = _connection;
        }

        connection?.Post(new NodeMessage { Acknowledged = new Acknowledged { Received = received } }, isNumbered: false);
        connection?.Flush();
    }
}

using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>What is behind one command: it follows the command into the history and tells the workflow how it ended.</summary>
internal abstract class Machine
{
    /// <summary>Taken back before it was sent: the command must not go out, nor match an event.</summary>
    public virtual bool IsDropped => false;

    /// <summary>No further event concerns it.</summary>
    public abstract bool IsFinal { get; }

    /// <summary>Made by the SDK, not by code: the workflow must not hear of it.</summary>
    public virtual bool IsInternal => false;

    /// <summary>The command is about to be sent, or on replay: to be compared with an event.</summary>
    public virtual void OnCommandPrepared(CommandType type)
    {
    }

    /// <exception cref="NondeterminismException">The event is not one for this machine.</exception>
    public abstract void OnEvent(HistoryEvent historyEvent);

    public static string Describe(HistoryEvent historyEvent) => $"HistoryEvent(id: {historyEvent.EventId}, {historyEvent.EventType})";
}

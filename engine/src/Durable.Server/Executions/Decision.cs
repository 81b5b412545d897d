using Durable.Protocol;
using Temporalio.Api.History.V1;

namespace Durable.Server.Executions;

/// <summary>What a command did to a run: to be committed as one transaction before anything of it is told.</summary>
public sealed class Decision
{
    /// <summary>New events with contiguous ids: one history batch; empty when the history stays as it is.</summary>
    public List<HistoryEvent> Events { get; init; } = [];

    /// <summary>The state to store has changed; false: nothing to commit, effects may be released at once.</summary>
    public bool StateChanged { get; set; }

    /// <summary>The visibility row has changed.</summary>
    public bool VisibilityChanged { get; set; }

    /// <summary>To be released after the commit, in order.</summary>
    public List<ExecutionEffect> Effects { get; init; } = [];

    /// <summary>The answer of the command; of the last one after <see cref="Append"/>.</summary>
    public ExecutionReply? Reply { get; set; }

    /// <summary>The caller gets this error, after the commit: the command was refused and the refusal is part of the history.</summary>
    public RpcFaultException? Fault { get; set; }

    /// <summary>Adds a later decision of the same run, so that both become one transaction.</summary>
    public void Append(Decision next)
    {
        Events.AddRange(next.Events);
        Effects.AddRange(next.Effects);
        StateChanged |= next.StateChanged;
        VisibilityChanged |= next.VisibilityChanged;
        Reply = next.Reply;
        Fault = next.Fault;
    }
}

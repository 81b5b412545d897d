using Microsoft.Extensions.Logging;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Says nothing while a workflow repeats what it has said already.</summary>
internal sealed class ReplaySafeLogger(ILogger inner, WorkflowInstance workflow) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !workflow.IsReplayingHistoryEvents && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!workflow.IsReplayingHistoryEvents)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}

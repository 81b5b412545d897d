using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>Cuts a history into the parts that were, or are, one activation each.</summary>
/// <remarks>
/// A part ends with the start of a workflow task. It goes on over tasks that failed or timed out, because their successors saw the same
/// state, and over tasks that only said that the worker still runs a local activity: completed, scheduled again, no command.
/// </remarks>
internal sealed class HistoryCutter
{
    private readonly List<HistoryEvent> events = [];
    private int position;

    /// <summary>The started task before the newest: events behind it that are no commands are news. Set with each delivery.</summary>
    public long PreviousStartedEventId { get; private set; }

    /// <summary>Events to come, up to and with the newest task.</summary>
    public void Deliver(IEnumerable<HistoryEvent> delivered, long previousStartedEventId)
    {
        Forget();
        events.AddRange(delivered);
        PreviousStartedEventId = previousStartedEventId;
    }

    /// <summary>Takes the next part.</summary>
    /// <param name="handledStartedEventId">The start of the last task that was handled; events up to it do not count again.</param>
    /// <param name="isLast">Whether nothing is left after it.</param>
    /// <returns>Empty when nothing was left.</returns>
    public ReadOnlySpan<HistoryEvent> Take(long handledStartedEventId, out bool isLast)
    {
        var part = Peek(handledStartedEventId);
        position += part.Length;
        isLast = position == events.Count;
        return part;
    }

    /// <summary>Looks at the next part: commands at its front were sent by the part that was taken last.</summary>
    public ReadOnlySpan<HistoryEvent> Peek(long handledStartedEventId)
    {
        var rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(events)[position..];
        return rest.IsEmpty ? rest : rest[..(EndOfNext(rest, handledStartedEventId) + 1)];
    }

    /// <summary>The completion directly behind what was taken, if it is there.</summary>
    public WorkflowTaskCompletedEventAttributes? PeekCompleted() =>
        position < events.Count ? events[position].WorkflowTaskCompletedEventAttributes : null;

    /// <summary>Lets go of what was taken. A run may stay in the cache for days, and its events are many times its own size.</summary>
    public void Forget()
    {
        events.RemoveRange(0, position);
        position = 0;
    }

    private static int EndOfNext(ReadOnlySpan<HistoryEvent> rest, long handledStartedEventId)
    {
        var sawCommand = false;
        Span<long> startedIds = stackalloc long[16];
        Span<int> startedIndexes = stackalloc int[16];
        var started = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            var current = rest[i];
            if (current.EventId <= handledStartedEventId)
            {
                continue;
            }
            sawCommand |= Events.IsCommand(current.EventType);
            if (Events.IsFinal(current.EventType))
            {
                return i;
            }
            if (current.EventType != EventType.WorkflowTaskStarted)
            {
                continue;
            }
            var next = i + 1 < rest.Length ? rest[i + 1].EventType : EventType.Unspecified;
            if (Events.EndsTaskAbruptly(next))
            {
                continue;
            }
            if (started == startedIds.Length)
            {
                // Only the newest matter: an update was delivered to one of the last heartbeats.
                startedIds[1..].CopyTo(startedIds);
                startedIndexes[1..].CopyTo(startedIndexes);
                started--;
            }
            startedIds[started] = current.EventId;
            startedIndexes[started++] = i;
            if (next == EventType.WorkflowTaskCompleted && i + 2 < rest.Length)
            {
                var afterNext = rest[i + 2];
                if (!sawCommand && afterNext.EventType == EventType.WorkflowTaskScheduled)
                {
                    continue;
                }
                if (afterNext.WorkflowExecutionUpdateAcceptedEventAttributes is { } accepted)
                {
                    // The update came with this task, so what ran before it is a part of its own.
                    for (var s = started - 1; s >= 0; s--)
                    {
                        if (startedIds[s] < accepted.AcceptedRequestSequencingEventId)
                        {
                            return startedIndexes[s];
                        }
                    }
                }
            }
            return i;
        }
        return rest.Length - 1;
    }
}

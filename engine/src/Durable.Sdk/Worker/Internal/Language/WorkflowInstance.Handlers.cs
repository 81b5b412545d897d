using Microsoft.Extensions.Logging;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowInstance
{
    private static readonly AsyncLocal<WorkflowUpdateInfo?> CurrentUpdate = new();

    private readonly LinkedList<RunningHandler> runningHandlers = new();
    private readonly List<SignalJob> keptSignals = [];
    private IReadOnlyDictionary<string, WorkflowSignalDefinition> signals;
    private IReadOnlyDictionary<string, WorkflowQueryDefinition> queries;
    private IReadOnlyDictionary<string, WorkflowUpdateDefinition> updates;
    private HandlerTable<WorkflowSignalDefinition>? ownSignals;
    private HandlerTable<WorkflowQueryDefinition>? ownQueries;
    private HandlerTable<WorkflowUpdateDefinition>? ownUpdates;
    private WorkflowSignalDefinition? dynamicSignal;
    private WorkflowQueryDefinition? dynamicQuery;
    private WorkflowUpdateDefinition? dynamicUpdate;

    public bool AllHandlersFinished => runningHandlers.Count == 0;

    public WorkflowUpdateInfo? CurrentUpdateInfo => CurrentUpdate.Value;

    // Most workflows never change their handlers, so the definition's tables are copied only when someone asks for them.
    public IDictionary<string, WorkflowSignalDefinition> Signals
    {
        get
        {
            if (ownSignals is null)
            {
                signals = ownSignals = new(signals, static definition => definition.Name, "signal", () => ThrowIfReadOnly("modify workflow handlers"), DeliverKept);
            }
            return ownSignals;
        }
    }

    public IDictionary<string, WorkflowQueryDefinition> Queries
    {
        get
        {
            if (ownQueries is null)
            {
                queries = ownQueries = new(queries, static definition => definition.Name, "query", () => ThrowIfReadOnly("modify workflow handlers"), null);
            }
            return ownQueries;
        }
    }

    public IDictionary<string, WorkflowUpdateDefinition> Updates
    {
        get
        {
            if (ownUpdates is null)
            {
                updates = ownUpdates = new(updates, static definition => definition.Name, "update", () => ThrowIfReadOnly("modify workflow handlers"), null);
            }
            return ownUpdates;
        }
    }

    public WorkflowSignalDefinition? DynamicSignal
    {
        get => dynamicSignal;
        set
        {
            ThrowIfReadOnly("modify workflow handlers");
            if (value is { Dynamic: false })
            {
                throw new ArgumentException("Signal is not dynamic");
            }
            dynamicSignal = value;
            if (value is not null)
            {
                var kept = keptSignals.ToArray();
                keptSignals.Clear();
                Array.ForEach(kept, Apply);
            }
        }
    }

    public WorkflowQueryDefinition? DynamicQuery
    {
        get => dynamicQuery;
        set
        {
            ThrowIfReadOnly("modify workflow handlers");
            if (value is { Dynamic: false })
            {
                throw new ArgumentException("Query is not dynamic");
            }
            dynamicQuery = value;
        }
    }

    public WorkflowUpdateDefinition? DynamicUpdate
    {
        get => dynamicUpdate;
        set
        {
            ThrowIfReadOnly("modify workflow handlers");
            if (value is { Dynamic: false })
            {
                throw new ArgumentException("Update is not dynamic");
            }
            dynamicUpdate = value;
        }
    }

    private static bool IsReserved(string name) => name.StartsWith(HandlerNames.ReservedPrefix, StringComparison.Ordinal);

    private static object?[] Decode(
        HandlerInvoker handler, bool dynamic, string name, IReadOnlyList<Payload> payloads, IPayloadConverter converter, string what) =>
        dynamic ? HandlerInvoker.DecodeDynamic(name, payloads) : handler.Decode(payloads, converter, $"{what} {name}");

    private static string Known(IEnumerable<string> names) => string.Join(" ", names.Order());

    private void DeliverKept(string name)
    {
        var kept = keptSignals.FindAll(signal => signal.Name == name);
        keptSignals.RemoveAll(signal => signal.Name == name);
        kept.ForEach(Apply);
    }

    private void Apply(SignalJob signal)
    {
        var definition = signals.GetValueOrDefault(signal.Name) ?? (IsReserved(signal.Name) ? null : dynamicSignal);
        if (definition is null)
        {
            keptSignals.Add(signal);
            return;
        }
        _ = QueueAsync(() => RunTopLevelAsync(async () =>
        {
            object?[] args;
            try
            {
                args = Decode(definition.Invoker, definition.Dynamic, signal.Name, signal.Input, PayloadConverter, "Signal");
            }
            catch (Exception e)
            {
                // The sender is gone, and failing the task for ever helps nobody: official SDKs drop the signal too.
                WorkflowLog.SignalDropped(logger, e, signal.Name);
                return;
            }
            var running = runningHandlers.AddLast(new RunningHandler(signal.Name, null, definition.UnfinishedPolicy));
            try
            {
                await Inbound.HandleSignalAsync(new(signal.Name, definition, args, signal.Headers)).ConfigureAwait(true);
            }
            finally
            {
                runningHandlers.Remove(running);
            }
        }));
    }

    private void Apply(UpdateJob update) =>
        _ = QueueAsync(() =>
        {
            // The constructor may set handlers.
            _ = Instance;
            CurrentUpdate.Value = new WorkflowUpdateInfo(update.Id, update.Name);
            // The scope flows with the handler's calls, so whatever it logs later carries the update too.
            using var scope = logger.IsEnabled(LogLevel.Critical)
                ? logger.BeginScope(new Dictionary<string, object> { ["UpdateId"] = update.Id, ["UpdateName"] = update.Name })
                : null;
            return HandleAsync(update);
        });

    private Task HandleAsync(UpdateJob update)
    {
        var definition = updates.GetValueOrDefault(update.Name) ?? (IsReserved(update.Name) ? null : dynamicUpdate);
        if (definition is null)
        {
            Reject(update, new InvalidOperationException(
                $"Update handler for {update.Name} expected but not found, known updates: [{Known(updates.Keys)}]"));
            return Task.CompletedTask;
        }
        object?[] DecodeArgs() => Decode(definition.Invoker, definition.Dynamic, update.Name, update.Input, PayloadConverter, "Update");

        object?[]? args = null;
        try
        {
            if (update.RunValidator)
            {
                if (definition.Validator is not null && !Validate(update, definition, DecodeArgs()))
                {
                    return Task.CompletedTask;
                }
                // Arguments of its own: the validator may have changed its ones.
                args = DecodeArgs();
            }
        }
        catch (Exception e)
        {
            // Before the acceptance everything refuses the update.
            Reject(update, e);
            return Task.CompletedTask;
        }
        Add(new AcceptUpdateCommand(update.ProtocolInstanceId));

        try
        {
            args ??= DecodeArgs();
            var task = Inbound.HandleUpdateAsync(new(update.Id, update.Name, definition, args, update.Headers));
            var running = runningHandlers.AddLast(new RunningHandler(update.Name, update.Id, definition.UnfinishedPolicy));
            // A continuation, not an await: it takes a turn even when the handler has ended, and histories have that order.
            return task.ContinueWith(
                done =>
                {
                    runningHandlers.Remove(running);
                    Complete(update, done);
                },
                this);
        }
        catch (Exceptions.FailureException e)
        {
            Reject(update, e);
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            activationFailure = e;
            return Task.CompletedTask;
        }
    }

    private bool Validate(UpdateJob update, WorkflowUpdateDefinition definition, object?[] args)
    {
        var count = commands.Count;
        readOnly = true;
        try
        {
            Inbound.ValidateUpdate(new(update.Id, update.Name, definition, args, update.Headers));
        }
        finally
        {
            readOnly = false;
        }
        if (commands.Count != count)
        {
            activationFailure = new InvalidOperationException($"Update validator for {update.Name} created workflow commands");
            return false;
        }
        return true;
    }

    private void Complete(UpdateJob update, Task<object?> done)
    {
        try
        {
            var failure = done.IsCanceled ? new TaskCanceledException() : done.Exception?.InnerExceptions[0];
            if (failure is not null && !FailsWorkflow(failure))
            {
                activationFailure = failure;
                return;
            }
            if (failure is null)
            {
                try
                {
                    Add(new CompleteUpdateCommand(update.ProtocolInstanceId, PayloadConverter.ToPayload(done.Result)));
                    return;
                }
                catch (Exception e) when (FailsWorkflow(e))
                {
                    failure = e;
                }
            }
            Reject(update, failure);
        }
        catch (Exception e)
        {
            // The result, or the failure, cannot be converted.
            activationFailure = e;
        }
    }

    private void Reject(UpdateJob update, Exception e) =>
        Add(new RejectUpdateCommand(update.ProtocolInstanceId, FailureConverter.ToFailure(e, PayloadConverter)));

    private void Apply(QueryJob query) =>
        _ = QueueAsync(() =>
        {
            var count = -1;
            try
            {
                _ = Instance;
                count = commands.Count;
                readOnly = true;
                var result = PayloadConverter.ToPayload(Answer(query));
                if (commands.Count != count)
                {
                    activationFailure = new InvalidOperationException($"Query handler for {query.Type} created workflow commands");
                }
                Add(new QueryResponseCommand(query.QueryId, result, null));
            }
            catch (Exception e) when (count >= 0)
            {
                if (commands.Count != count)
                {
                    activationFailure = new InvalidOperationException($"Query handler for {query.Type} created workflow commands");
                }
                Add(new QueryResponseCommand(query.QueryId, null, FailureConverter.ToFailure(e, PayloadConverter)));
            }
            catch (Exception e)
            {
                activationFailure = e;
            }
            finally
            {
                readOnly = false;
            }
            return Task.CompletedTask;
        });

    private object? Answer(QueryJob query)
    {
        // Answers about the workflow itself are for tools, so they use the default converter, not the user's.
        switch (query.Type)
        {
            case "__stack_trace":
                return new RawValue(DataConverter.Default.PayloadConverter.ToPayload(StackTraces()));
            case "__temporal_workflow_metadata":
                return new RawValue(DataConverter.Default.PayloadConverter.ToPayload(Metadata()));
        }
        var definition = queries.GetValueOrDefault(query.Type) ?? (IsReserved(query.Type) ? null : dynamicQuery) ??
            throw new InvalidOperationException(
                $"Query handler for {query.Type} expected but not found, known queries: [{Known(queries.Keys)}]");
        var args = Decode(definition.Invoker, definition.Dynamic, query.Type, query.Arguments, PayloadConverter, "Query");
        return Inbound.HandleQuery(new(query.QueryId, query.Type, definition, args, query.Headers));
    }

    private void WarnOfUnfinishedHandlers()
    {
        var warned = runningHandlers.Where(static handler => handler.Policy == HandlerUnfinishedPolicy.WarnAndAbandon).ToArray();
        if (Array.FindAll(warned, static handler => handler.UpdateId is null) is { Length: > 0 } signalHandlers)
        {
            WorkflowLog.UnfinishedSignals(
                logger, Info.WorkflowId, string.Join(", ", signalHandlers.GroupBy(static handler => handler.Name).Select(static group => $"{group.Key} ({group.Count()})")));
        }
        if (Array.FindAll(warned, static handler => handler.UpdateId is not null) is { Length: > 0 } updateHandlers)
        {
            WorkflowLog.UnfinishedUpdates(
                logger, Info.WorkflowId, string.Join(", ", updateHandlers.Select(static handler => $"{handler.Name} ({handler.UpdateId})")));
        }
    }

    private sealed record RunningHandler(string Name, string? UpdateId, HandlerUnfinishedPolicy Policy);
}

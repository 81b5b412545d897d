using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowInstance
{
    private readonly Memo? initialMemo;
    private readonly SearchAttributes? initialSearchAttributes;
    private readonly HashSet<string> notifiedPatches = [];
    private readonly Dictionary<string, bool> patches = [];
    private Dictionary<string, IRawValue>? memo;
    private SearchAttributeCollection? searchAttributes;
    private uint lastTimer;
    private uint lastActivity;
    private uint lastChild;
    private uint lastExternalSignal;
    private uint lastExternalCancel;

    public IReadOnlyDictionary<string, IRawValue> Memo => OwnMemo;

    public SearchAttributeCollection TypedSearchAttributes => searchAttributes ??= Protos.SearchAttributes(initialSearchAttributes);

    internal bool DisablesEagerActivities => environment.DisableEagerActivities;

    private Dictionary<string, IRawValue> OwnMemo =>
        memo ??= initialMemo?.Fields.ToDictionary(static item => item.Key, static item => (IRawValue)new RawValue(item.Value)) ?? [];

    public bool Patch(string patchId, bool deprecated)
    {
        ThrowIfReadOnly(deprecated ? "deprecate patch" : "create patch");
        if (patches.TryGetValue(patchId, out var known))
        {
            return known;
        }
        var patched = !IsReplaying || notifiedPatches.Contains(patchId);
        patches[patchId] = patched;
        if (patched)
        {
            Add(new SetPatchMarkerCommand(patchId, deprecated));
        }
        return patched;
    }

    public void UpsertMemo(IReadOnlyCollection<MemoUpdate> changes)
    {
        if (changes.Count == 0)
        {
            throw new ArgumentException("At least one update required", nameof(changes));
        }
        var upserted = new Memo();
        foreach (var change in changes)
        {
            if (upserted.Fields.ContainsKey(change.UntypedKey))
            {
                throw new ArgumentException($"Multiple updates seen for key {change.UntypedKey}");
            }
            try
            {
                upserted.Fields[change.UntypedKey] = PayloadConverter.ToPayload(change.HasValue ? change.UntypedValue : null);
            }
            catch (Exception e)
            {
                throw new ArgumentException($"Failed converting memo key {change.UntypedKey}", e);
            }
        }
        // All are converted, so all are changed or none.
        foreach (var change in changes)
        {
            if (change.HasValue)
            {
                OwnMemo[change.UntypedKey] = new RawValue(upserted.Fields[change.UntypedKey]);
            }
            else
            {
                OwnMemo.Remove(change.UntypedKey);
            }
        }
        Add(new ModifyPropertiesCommand(new() { UpsertedMemo = upserted }));
    }

    public void UpsertTypedSearchAttributes(IReadOnlyCollection<SearchAttributeUpdate> changes)
    {
        if (changes.Count == 0)
        {
            throw new ArgumentException("At least one update required", nameof(changes));
        }
        var upserted = new SearchAttributes();
        foreach (var change in changes)
        {
            if (!upserted.IndexedFields.TryAdd(change.UntypedKey.Name, Protos.SearchAttribute(change)))
            {
                throw new ArgumentException($"Multiple updates seen for key {change.UntypedKey.Name}");
            }
        }
        searchAttributes = TypedSearchAttributes.With(changes);
        Add(new UpsertSearchAttributesCommand(new() { SearchAttributes = upserted }));
    }

    internal uint NextTimer() => ++lastTimer;

    internal uint NextActivity() => ++lastActivity;

    internal uint NextChild() => ++lastChild;

    internal uint NextExternalSignal() => ++lastExternalSignal;

    internal uint NextExternalCancel() => ++lastExternalCancel;

    internal void CheckLocalActivity(string activity) => environment.CheckLocalActivity(activity);

    internal DataConverter ConverterFor(ISerializationContext context) => environment.DataConverter.WithSerializationContext(context);

    internal Exception ToException(Api.Failure.V1.Failure failure, ISerializationContext context)
    {
        var converter = ConverterFor(context);
        return converter.FailureConverter.ToException(failure, converter.PayloadConverter);
    }

    /// <summary>Null without arguments: the field is absent then.</summary>
    internal Payloads? ToPayloads(IReadOnlyCollection<object?> args, ISerializationContext context)
    {
        if (args.Count == 0)
        {
            return null;
        }
        var converter = ConverterFor(context).PayloadConverter;
        var payloads = new Payloads();
        foreach (var arg in args)
        {
            payloads.Payloads_.Add(converter.ToPayload(arg));
        }
        return payloads;
    }

    internal Memo? ToMemo(IReadOnlyDictionary<string, object>? values, ISerializationContext context)
    {
        if (values is null)
        {
            return null;
        }
        var converter = ConverterFor(context).PayloadConverter;
        var result = new Memo();
        foreach (var (key, value) in values)
        {
            result.Fields[key] = converter.ToPayload(value);
        }
        return result;
    }

    internal UserMetadata? Summary(string? summary, ISerializationContext context) =>
        summary is null ? null : new UserMetadata { Summary = ConverterFor(context).PayloadConverter.ToPayload(summary) };

    private ContinueAsNewWorkflowExecutionCommandAttributes ContinueAsNewAttributes(CreateContinueAsNewExceptionInput input)
    {
        var options = input.Options;
        var context = new ISerializationContext.Workflow(Info.Namespace, Info.WorkflowId);
        // What the options leave out goes on as it is now.
        return new()
        {
            WorkflowType = new WorkflowType { Name = input.Workflow },
            TaskQueue = new() { Name = options?.TaskQueue ?? Info.TaskQueue, Kind = TaskQueueKind.Normal },
            Input = ToPayloads(input.Args, context),
            WorkflowRunTimeout = Protos.Duration(options?.RunTimeout),
            WorkflowTaskTimeout = Protos.Duration(options?.TaskTimeout),
            RetryPolicy = Protos.RetryPolicy(options?.RetryPolicy ?? Info.RetryPolicy),
            Memo = ToMemo(options?.Memo, context) ?? initialMemo?.Clone(),
            SearchAttributes = options?.TypedSearchAttributes is { } given
                ? Protos.SearchAttributes(given)
                : TypedSearchAttributes.Count == 0 ? null : Protos.SearchAttributes(TypedSearchAttributes),
            Header = Protos.Header(input.Headers) ?? new Header(),
            InheritBuildId = options?.TaskQueue is null || options.TaskQueue == Info.TaskQueue,
        };
    }
}

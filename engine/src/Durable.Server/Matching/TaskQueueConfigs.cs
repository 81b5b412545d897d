using System.Collections.Concurrent;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Matching;

/// <summary>What somebody set for a queue: its rate, which counts before what workers ask for. Each a document.</summary>
internal sealed class TaskQueueConfigs(IServerStore store, TaskMatcher matcher, TimeProvider clock)
{
    private const string Kind = "task-queue-config";

    private readonly ConcurrentDictionary<TaskQueueKey, TaskQueueConfig> configs = new();
    private readonly SemaphoreSlim changing = new(1, 1);

    public async Task LoadAsync(IEnumerable<string> namespaces)
    {
        foreach (var name in namespaces)
        {
            foreach (var (document, stored) in await store.ReadDocumentsAsync(Kind, name, null, int.MaxValue).ConfigureAwait(false))
            {
                var slash = document.Id.IndexOf('/', StringComparison.Ordinal);
                Apply(
                    new TaskQueueKey(name, document.Id[(slash + 1)..], (TaskQueueType)int.Parse(document.Id.AsSpan(0, slash), System.Globalization.CultureInfo.InvariantCulture)),
                    TaskQueueConfig.Parser.ParseFrom(stored));
            }
        }
    }

    /// <summary>Null: nobody set anything.</summary>
    public TaskQueueConfig? Find(TaskQueueKey queue) => configs.GetValueOrDefault(queue);

    public async Task<TaskQueueConfig> UpdateAsync(TaskQueueKey queue, UpdateTaskQueueConfigRequest request)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            var config = Find(queue)?.Clone() ?? new();
            if (request.UpdateQueueRateLimit is { } rate)
            {
                config.QueueRateLimit = ToConfig(rate, request.Identity);
            }
            if (request.UpdateFairnessKeyRateLimitDefault is { } fairness)
            {
                config.FairnessKeysRateLimitDefault = ToConfig(fairness, request.Identity);
            }
            foreach (var (key, weight) in request.SetFairnessWeightOverrides)
            {
                config.FairnessWeightOverrides[key] = weight;
            }
            foreach (var key in request.UnsetFairnessWeightOverrides)
            {
                config.FairnessWeightOverrides.Remove(key);
            }
            await PutAsync(queue, config).ConfigureAwait(false);
            Apply(queue, config);
            return config;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>The namespace is being deleted.</summary>
    public async Task ForgetAsync(string namespaceName)
    {
        foreach (var queue in configs.Keys.Where(queue => queue.Namespace == namespaceName))
        {
            await PutAsync(queue, null).ConfigureAwait(false);
            configs.TryRemove(queue, out _);
            matcher.Configure(queue, null);
        }
    }

    private Task PutAsync(TaskQueueKey queue, TaskQueueConfig? config)
    {
        var transaction = new StoreTransaction();
        transaction.Documents.Add(new(new DocumentKey(Kind, queue.Namespace, $"{(int)queue.Type}/{queue.Name}"), config?.ToByteArray()));
        return store.CommitAsync(transaction);
    }

    private void Apply(TaskQueueKey queue, TaskQueueConfig config)
    {
        configs[queue] = config;
        matcher.Configure(queue, config.QueueRateLimit?.RateLimit?.RequestsPerSecond);
    }

    /// <summary>Without a limit, who took it away and why is kept all the same.</summary>
    private RateLimitConfig ToConfig(UpdateTaskQueueConfigRequest.Types.RateLimitUpdate update, string identity) => new()
    {
        RateLimit = update.RateLimit,
        Metadata = new() { Reason = update.Reason, UpdateIdentity = identity, UpdateTime = clock.GetUtcNow().ToTimestamp() },
    };
}

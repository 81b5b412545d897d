using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Payments.Ids;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Payments.Ingress;

/// <summary>
/// Idempotency for code without HTTP: <c>(merchant, operation, key, request, action)</c>. The action runs once per key; every later call with the same request gets
/// its result, and a call with another request is told so. The result is journaled by the engine, so it survives this process; an action that was cut off by a
/// crash runs again when the next call with its key comes, and must therefore itself carry the key to whatever it changes.
/// </summary>
public sealed class IdempotentCalls : IAsyncDisposable
{
    public const string DefaultTaskQueue = "idempotent-calls";

    private readonly ConcurrentDictionary<string, ImmutableList<Func<Task<JsonElement>>>> actions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly ITemporalClient client;
    private readonly string taskQueue;
    private readonly TemporalWorker worker;
    private readonly Task running;

    public IdempotentCalls(ITemporalClient client, string taskQueue = DefaultTaskQueue)
    {
        this.client = client;
        this.taskQueue = taskQueue;
        worker = new TemporalWorker(client, new TemporalWorkerOptions(taskQueue).AddWorkflow<IdempotentCallWorkflow>().AddAllActivities(new Actor(actions)));
        running = worker.ExecuteAsync(stopping.Token);
    }

    /// <exception cref="IdempotencyMismatchException">The key stands for another request.</exception>
    /// <exception cref="IdempotentCallException">The action threw; the same key throws the same again.</exception>
    public async Task<CallResult<TResult>> ExecuteAsync<TRequest, TResult>(
        string merchant, string operation, string key, TRequest request, Func<TRequest, Task<TResult>> action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        var keyHash = PaymentIds.KeyHash([merchant, operation], key);
        var fingerprint = Fingerprint.Of(operation, "", JsonSerializer.SerializeToElement(request, Connection.PaymentsConverter.Json));
        var id = $"call/{PaymentIds.Part(merchant)}/{PaymentIds.Part(operation)}/{keyHash}";
        // With the fingerprint, so that an action is never run for another request of the same key.
        var name = id + "|" + fingerprint;
        Func<Task<JsonElement>> mine = async () => JsonSerializer.SerializeToElement(await action(request).ConfigureAwait(false), Connection.PaymentsConverter.Json);
        actions.AddOrUpdate(name, _ => [mine], (_, others) => others.Add(mine));
        try
        {
            var first = await StartAsync(id, fingerprint, cancellationToken).ConfigureAwait(false);
            var result = await client.GetWorkflowHandle(id).GetResultAsync<JsonElement>(rpcOptions: new() { CancellationToken = cancellationToken }).ConfigureAwait(false);
            return new CallResult<TResult>(result.Deserialize<TResult>(Connection.PaymentsConverter.Json)!, !first);
        }
        catch (WorkflowFailedException e)
        {
            throw new IdempotentCallException((e.InnerException?.InnerException ?? e.InnerException ?? e).Message, e);
        }
        finally
        {
            if (actions.AddOrUpdate(name, _ => [], (_, all) => all.Remove(mine)).IsEmpty)
            {
                actions.TryRemove(new KeyValuePair<string, ImmutableList<Func<Task<JsonElement>>>>(name, []));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // How a worker says that it was asked to stop.
        }
        worker.Dispose();
        stopping.Dispose();
    }

    /// <returns>Whether this call started the execution.</returns>
    private async Task<bool> StartAsync(string id, string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            await client.StartWorkflowAsync(IdempotentCallWorkflow.TypeName, [id + "|" + fingerprint], new WorkflowOptions(id, taskQueue)
            {
                IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
                IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
                Memo = new Dictionary<string, object>(StringComparer.Ordinal) { ["fingerprint"] = fingerprint },
                Rpc = new() { CancellationToken = cancellationToken },
            }).ConfigureAwait(false);
            return true;
        }
        catch (WorkflowAlreadyStartedException)
        {
            var description = await client.GetWorkflowHandle(id).DescribeAsync(
                new WorkflowDescribeOptions { Rpc = new() { CancellationToken = cancellationToken } }).ConfigureAwait(false);
            var known = await description.Memo["fingerprint"].ToValueAsync<string>().ConfigureAwait(false);
            return known == fingerprint ? false : throw new IdempotencyMismatchException(known, fingerprint);
        }
    }

    /// <summary>Runs actions whose callers are in this process.</summary>
    private sealed class Actor(ConcurrentDictionary<string, ImmutableList<Func<Task<JsonElement>>>> actions)
    {
        [Activity(IdempotentCallWorkflow.Act)]
        public async Task<JsonElement> ActAsync(string name)
        {
            if (!actions.TryGetValue(name, out var here) || here.IsEmpty)
            {
                // Its caller was another process, or is gone; the next call with the key brings the action along.
                throw new ApplicationFailureException("No caller with this key is here now.", "CallerAbsent");
            }
            try
            {
                return await here[0]().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw new ApplicationFailureException(e.Message, e, e.GetType().Name, nonRetryable: true);
            }
        }
    }
}

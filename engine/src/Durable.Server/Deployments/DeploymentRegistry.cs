using System.Collections.Concurrent;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Temporalio.Api.Deployment.V1;

namespace Durable.Server.Deployments;

/// <summary>All deployments: each change stored as a document, and seen by others once it is stored.</summary>
internal sealed class DeploymentRegistry(IServerStore store, TimeProvider clock)
{
    private const string Kind = "worker-deployment";
    private const int MaximumDeployments = 100;

    private readonly ConcurrentDictionary<(string Namespace, string Name), Deployment> deployments = new();
    private readonly SemaphoreSlim changing = new(1, 1);
    private volatile DeploymentRouting routing = DeploymentRouting.Empty;

    public DeploymentRouting Routing => routing;

    /// <summary>Called after each change, with all that wait in queues where they may not belong any more.</summary>
    public Action? Changed { get; set; }

    public async Task LoadAsync(IEnumerable<string> namespaces)
    {
        foreach (var name in namespaces)
        {
            foreach (var (key, stored) in await store.ReadDocumentsAsync(Kind, name, null, int.MaxValue).ConfigureAwait(false))
            {
                deployments[(name, key.Id)] = Deployment.Restore(stored);
            }
        }
        Route();
    }

    /// <summary>In order of their names.</summary>
    public IEnumerable<Deployment> All(string namespaceName) =>
        deployments.Where(found => found.Key.Namespace == namespaceName).Select(static found => found.Value).OrderBy(static found => found.Name, StringComparer.Ordinal);

    public Deployment? Find(string namespaceName, string name) => deployments.GetValueOrDefault((namespaceName, name));

    /// <summary>The queue that a worker polls when it names this one: that of its version, which is known from then on.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">INVALID_ARGUMENT; RESOURCE_EXHAUSTED.</exception>
    public ValueTask<TaskQueueKey> EnterAsync(TaskQueueKey queue, WorkerDeploymentOptions? options)
    {
        if (VersionNames.Of(options) is not { } version)
        {
            return ValueTask.FromResult(queue);
        }
        var versioned = queue with { Version = VersionNames.KeyOf(version) };
        return routing.Contains(queue, version) ? ValueTask.FromResult(versioned) : RegisterAsync();

        async ValueTask<TaskQueueKey> RegisterAsync()
        {
            VersionNames.Check(version);
            await ChangeAsync(queue.Namespace, version.DeploymentName, mayCreate: true, deployment =>
            {
                deployment.Register(version.BuildId, queue.Name, queue.Type, clock.GetUtcNow());
                return true;
            }).ConfigureAwait(false);
            return versioned;
        }
    }

    /// <exception cref="Durable.Protocol.RpcFaultException">NOT_FOUND, or what the change threw, which then changed nothing.</exception>
    public async Task<T> ChangeAsync<T>(string namespaceName, string name, bool mayCreate, Func<Deployment, T> change)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            var before = Find(namespaceName, name);
            if (before is null && !mayCreate)
            {
                throw NotFound(name);
            }
            if (before is null && All(namespaceName).Count() >= MaximumDeployments)
            {
                throw Faults.Exhausted(
                    $"reached maximum deployments in namespace ({MaximumDeployments})", Temporalio.Api.Enums.V1.ResourceExhaustedCause.WorkerDeploymentLimits);
            }
            var after = before?.Copy() ?? Deployment.Create(name, clock.GetUtcNow());
            var result = change(after);
            if (before is null || !after.IsAs(before))
            {
                await PutAsync(namespaceName, name, after).ConfigureAwait(false);
            }
            return result;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Takes away one without versions; one that is not there is no error.</summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">FAILED_PRECONDITION: it has versions.</exception>
    public async Task DeleteAsync(string namespaceName, string name)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(namespaceName, name) is not { } deployment)
            {
                return;
            }
            if (deployment.Versions.Any())
            {
                throw Faults.FailedPrecondition("deployment has versions, can't be deleted");
            }
            await PutAsync(namespaceName, name, null).ConfigureAwait(false);
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>The namespace is being deleted.</summary>
    public async Task ForgetAsync(string namespaceName)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var deployment in All(namespaceName).ToArray())
            {
                await PutAsync(namespaceName, deployment.Name, null).ConfigureAwait(false);
            }
        }
        finally
        {
            changing.Release();
        }
    }

    public static Durable.Protocol.RpcFaultException NotFound(string name) =>
        Faults.NotFound($"no Worker Deployment found with name '{name}'; does your Worker Deployment have pollers?");

    private async Task PutAsync(string namespaceName, string name, Deployment? deployment)
    {
        var transaction = new StoreTransaction();
        transaction.Documents.Add(new(new DocumentKey(Kind, namespaceName, name), deployment?.ToState()));
        await store.CommitAsync(transaction).ConfigureAwait(false);
        if (deployment is null)
        {
            deployments.TryRemove((namespaceName, name), out _);
        }
        else
        {
            deployments[(namespaceName, name)] = deployment;
        }
        Route();
        Changed?.Invoke();
    }

    private void Route() => routing = deployments.IsEmpty
        ? DeploymentRouting.Empty
        : DeploymentRouting.Of(deployments.Select(static found => (found.Key.Namespace, found.Value)));
}

using System.Collections.Concurrent;
using Durable.Protocol;
using Durable.Server.Storage;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Namespaces;

/// <summary>Namespaces and their search attributes: each change stored as a document, and known in memory once it is stored.</summary>
public sealed class NamespaceRegistry
{
    /// <summary>Of the server itself.</summary>
    public const string SystemNamespace = "temporal-system";

    private const string NamespaceKind = "namespace";
    private const string AttributeKind = "search-attributes";

    // The genuine server's: what one run may carry in its list entry.
    private const int AttributesMax = 100;

    private static readonly Dictionary<string, IndexedValueType> System = new(StringComparer.Ordinal)
    {
        ["WorkflowId"] = IndexedValueType.Keyword,
        ["RunId"] = IndexedValueType.Keyword,
        ["WorkflowType"] = IndexedValueType.Keyword,
        ["TaskQueue"] = IndexedValueType.Keyword,
        ["ExecutionStatus"] = IndexedValueType.Keyword,
        ["StartTime"] = IndexedValueType.Datetime,
        ["ExecutionTime"] = IndexedValueType.Datetime,
        ["CloseTime"] = IndexedValueType.Datetime,
        ["HistoryLength"] = IndexedValueType.Int,
        ["HistorySizeBytes"] = IndexedValueType.Int,
        ["StateTransitionCount"] = IndexedValueType.Int,
        ["ExecutionDuration"] = IndexedValueType.Int,
        ["ParentWorkflowId"] = IndexedValueType.Keyword,
        ["ParentRunId"] = IndexedValueType.Keyword,
        ["RootWorkflowId"] = IndexedValueType.Keyword,
        ["RootRunId"] = IndexedValueType.Keyword,
    };

    /// <summary>Attributes that workers and the server set by themselves.</summary>
    private static readonly Dictionary<string, IndexedValueType> Predefined = new(StringComparer.Ordinal)
    {
        ["BatcherNamespace"] = IndexedValueType.Keyword,
        ["BatcherUser"] = IndexedValueType.Keyword,
        ["BinaryChecksums"] = IndexedValueType.KeywordList,
        ["BuildIds"] = IndexedValueType.KeywordList,
        ["TemporalChangeVersion"] = IndexedValueType.KeywordList,
        ["TemporalNamespaceDivision"] = IndexedValueType.Keyword,
        ["TemporalPauseInfo"] = IndexedValueType.KeywordList,
        ["TemporalReportedProblems"] = IndexedValueType.KeywordList,
        ["TemporalScheduledById"] = IndexedValueType.Keyword,
        ["TemporalScheduledStartTime"] = IndexedValueType.Datetime,
        ["TemporalSchedulePaused"] = IndexedValueType.Bool,
        ["TemporalWorkerDeployment"] = IndexedValueType.Keyword,
        ["TemporalWorkerDeploymentVersion"] = IndexedValueType.Keyword,
        ["TemporalWorkflowVersioningBehavior"] = IndexedValueType.Keyword,
    };

    private readonly IServerStore store;
    private readonly ConcurrentDictionary<string, DescribeNamespaceResponse> namespaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DescribeNamespaceResponse> leaving = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, IndexedValueType>> custom = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim changing = new(1, 1);

    private NamespaceRegistry(IServerStore store) => this.store = store;

    public static async Task<NamespaceRegistry> LoadAsync(IServerStore store)
    {
        var registry = new NamespaceRegistry(store);
        foreach (var (key, bytes) in await store.ReadDocumentsAsync(NamespaceKind, "", null, int.MaxValue).ConfigureAwait(false))
        {
            var stored = DescribeNamespaceResponse.Parser.ParseFrom(bytes);
            (stored.NamespaceInfo.State == NamespaceState.Deleted ? registry.leaving : registry.namespaces)[key.Id] = stored;
        }
        foreach (var (key, bytes) in await store.ReadDocumentsAsync(AttributeKind, "", null, int.MaxValue).ConfigureAwait(false))
        {
            var attributes = GetSearchAttributesResponse.Parser.ParseFrom(bytes).Keys;
            registry.custom[key.Id] = new Dictionary<string, IndexedValueType>(attributes, StringComparer.Ordinal);
        }
        return registry;
    }

    public IEnumerable<DescribeNamespaceResponse> All => namespaces.Values.OrderBy(static found => found.NamespaceInfo.Name, StringComparer.Ordinal);

    /// <exception cref="RpcFaultException">ALREADY_EXISTS.</exception>
    public async Task RegisterAsync(string name, string id, TimeSpan retention, string description, string ownerEmail, IEnumerable<KeyValuePair<string, string>> data)
    {
        var registered = new DescribeNamespaceResponse
        {
            NamespaceInfo = new()
            {
                Name = name,
                State = NamespaceState.Registered,
                Description = description,
                OwnerEmail = ownerEmail,
                Id = id,
            },
            Config = new()
            {
                WorkflowExecutionRetentionTtl = retention.ToDuration(),
                HistoryArchivalState = ArchivalState.Disabled,
                VisibilityArchivalState = ArchivalState.Disabled,
            },
            ReplicationConfig = new() { ActiveClusterName = "active", Clusters = { new Temporalio.Api.Replication.V1.ClusterReplicationConfig { ClusterName = "active" } } },
        };
        foreach (var (key, value) in data)
        {
            registered.NamespaceInfo.Data[key] = value;
        }
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (namespaces.ContainsKey(name))
            {
                throw new RpcFaultException(RpcStatusCode.AlreadyExists, $"Namespace \"{name}\" already exists", new NamespaceAlreadyExistsFailure());
            }
            if (leaving.ContainsKey(name))
            {
                throw Executions.Faults.Unavailable($"Namespace {name} is still being deleted; try again");
            }
            await SaveAsync(registered).ConfigureAwait(false);
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Deleted, with executions that are still there.</summary>
    public IReadOnlyCollection<string> Leaving => [.. leaving.Keys];

    /// <summary>The name is unknown from now on, but cannot be registered until it is forgotten (<see cref="ForgetAsync"/>).</summary>
    /// <exception cref="RpcFaultException">NOT_FOUND; INVALID_ARGUMENT: the server's own.</exception>
    public async Task LeaveAsync(string name)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            var left = Get(name).Clone();
            if (name == SystemNamespace)
            {
                throw Executions.Faults.InvalidArgument("unable to delete system namespace");
            }
            left.NamespaceInfo.State = NamespaceState.Deleted;
            await PutAsync(new DocumentKey(NamespaceKind, "", name), left.ToByteArray()).ConfigureAwait(false);
            leaving[name] = left;
            namespaces.TryRemove(name, out _);
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Nothing is left of it.</summary>
    public async Task ForgetAsync(string name)
    {
        var transaction = new StoreTransaction();
        transaction.Documents.Add(new(new DocumentKey(NamespaceKind, "", name), null));
        transaction.Documents.Add(new(new DocumentKey(AttributeKind, "", name), null));
        await store.CommitAsync(transaction).ConfigureAwait(false);
        custom.TryRemove(name, out _);
        leaving.TryRemove(name, out _);
    }

    public async Task EnsureAsync(string name, TimeSpan retention, string description = "", string ownerEmail = "")
    {
        // One that is being deleted at this start is registered at the next.
        if (!namespaces.ContainsKey(name) && !leaving.ContainsKey(name))
        {
            await RegisterAsync(name, Guid.NewGuid().ToString(), retention, description, ownerEmail, []).ConfigureAwait(false);
        }
    }

    /// <exception cref="RpcFaultException">NOT_FOUND with NamespaceNotFoundFailure.</exception>
    public DescribeNamespaceResponse Get(string name) => namespaces.TryGetValue(name, out var found) ? found : throw NotFound(name);

    public DescribeNamespaceResponse GetById(string id) =>
        namespaces.Values.FirstOrDefault(found => found.NamespaceInfo.Id == id) ?? throw NotFound(id);

    public void Require(string name)
    {
        if (name.Length == 0)
        {
            throw Executions.Faults.InvalidArgument("Namespace not set on request.");
        }
        if (!namespaces.ContainsKey(name))
        {
            throw NotFound(name);
        }
    }

    public string IdOf(string name) => namespaces.TryGetValue(name, out var found) ? found.NamespaceInfo.Id : name;

    public TimeSpan RetentionOf(string name) => Get(name).Config.WorkflowExecutionRetentionTtl.ToTimeSpan();

    public async Task SaveAsync(DescribeNamespaceResponse changed)
    {
        await PutAsync(new DocumentKey(NamespaceKind, "", changed.NamespaceInfo.Name), changed.ToByteArray()).ConfigureAwait(false);
        namespaces[changed.NamespaceInfo.Name] = changed;
    }

    public IReadOnlyDictionary<string, IndexedValueType> SystemAttributes => System;

    public IEnumerable<KeyValuePair<string, IndexedValueType>> CustomAttributes(string name) =>
        Predefined.Concat(custom.TryGetValue(name, out var own) ? own : []);

    public IndexedValueType? TypeOf(string name, string attribute)
    {
        if (System.TryGetValue(attribute, out var system) || Predefined.TryGetValue(attribute, out system))
        {
            return system;
        }
        return custom.TryGetValue(name, out var own) && own.TryGetValue(attribute, out var type) ? type : null;
    }

    public Task AddAttributesAsync(string name, IEnumerable<KeyValuePair<string, IndexedValueType>> added) => ChangeAttributesAsync(name, own =>
    {
        foreach (var (attribute, type) in added)
        {
            if (System.ContainsKey(attribute) || Predefined.ContainsKey(attribute))
            {
                throw Executions.Faults.InvalidArgument($"Search attribute {attribute} is reserved by system.");
            }
            if (own.TryGetValue(attribute, out var existing) && existing != type)
            {
                throw new RpcFaultException(RpcStatusCode.AlreadyExists, $"Search attribute {attribute} already exists and has different type {existing}.");
            }
            own[attribute] = type;
        }
    });

    public Task RemoveAttributesAsync(string name, IEnumerable<string> removed) => ChangeAttributesAsync(name, own =>
    {
        foreach (var attribute in removed)
        {
            if (!own.Remove(attribute))
            {
                throw Executions.Faults.NotFound($"Search attribute {attribute} doesn't exist.");
            }
        }
    });

    /// <returns>What is wrong with the attributes, in the genuine server's words; null when nothing is. Fills in the <c>type</c> metadata.</returns>
    public string? Check(string name, SearchAttributes attributes)
    {
        if (attributes.IndexedFields.Count > AttributesMax)
        {
            return $"number of search attributes {attributes.IndexedFields.Count} exceeds limit {AttributesMax}";
        }
        foreach (var (attribute, payload) in attributes.IndexedFields)
        {
            if (TypeOf(name, attribute) is not { } type)
            {
                return $"Namespace {name} has no mapping defined for search attribute {attribute}";
            }
            if (System.ContainsKey(attribute))
            {
                return $"{attribute} attribute can't be set in SearchAttributes";
            }
            if (SearchAttributeValue.Check(payload, type) is { } shown)
            {
                return $"invalid value for search attribute {attribute} of type {type}: {shown}";
            }
            if (!payload.Metadata.ContainsKey("type"))
            {
                payload.Metadata["type"] = ByteString.CopyFromUtf8(type.ToString());
            }
        }
        return null;
    }

    private static RpcFaultException NotFound(string name) => new(
        RpcStatusCode.NotFound, $"Namespace {name} is not found.", new NamespaceNotFoundFailure { Namespace = name });

    private async Task ChangeAttributesAsync(string name, Action<Dictionary<string, IndexedValueType>> change)
    {
        await changing.WaitAsync().ConfigureAwait(false);
        try
        {
            var own = custom.TryGetValue(name, out var known) ? new Dictionary<string, IndexedValueType>(known, StringComparer.Ordinal) : new(StringComparer.Ordinal);
            change(own);
            var document = new GetSearchAttributesResponse();
            document.Keys.Add(own);
            await PutAsync(new DocumentKey(AttributeKind, "", name), document.ToByteArray()).ConfigureAwait(false);
            custom[name] = own;
        }
        finally
        {
            changing.Release();
        }
    }

    private Task PutAsync(DocumentKey key, byte[] bytes)
    {
        var transaction = new StoreTransaction();
        transaction.Documents.Add(new(key, bytes));
        return store.CommitAsync(transaction);
    }
}

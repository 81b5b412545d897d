using System.Text.Json;
using Payments.Ids;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Payments.Ingress;

/// <summary>
/// A handler that is a workflow: the key names its execution, its result is the answer. The workflow takes the body as its argument and knows nothing of keys;
/// what the ingress has to remember (fingerprint, nonce, expiry) is in the memo.
/// </summary>
/// <param name="perKey">False: one execution per object, whatever the key. True: one per object and key, e.g. for messages sent to one customer.</param>
public sealed class StartHandler(string service, string name, string workflowType, string taskQueue, bool perKey, Func<ITemporalClient> client, TimeProvider time)
    : IngressHandler(service, name)
{
    private const string FingerprintMemo = "fingerprint";
    private const string KeyHashMemo = "keyHash";
    private const string NonceMemo = "nonce";
    private const string CreatedMemo = "created";
    private const string ExpiresMemo = "expires";

    private readonly string prefix = PaymentIds.Part(service) + "/";

    public override bool BodyOptional => true;

    public override bool KeyRequired => perKey;

    public override object Prepare(JsonElement body) => body;

    public override string WorkflowIdOf(string merchant, string objectId, string keyHash) =>
        $"{prefix}{PaymentIds.Part(merchant)}/{PaymentIds.Part(objectId)}{(perKey ? $"/{PaymentIds.Part(Name)}/{keyHash}" : "")}";

    public override bool Owns(string workflowId)
    {
        ArgumentNullException.ThrowIfNull(workflowId);
        return workflowId.StartsWith(prefix, StringComparison.Ordinal);
    }

    public override async Task<Reply> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        await StartAsync(invocation, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return await AttachAsync(new InvocationId(invocation.WorkflowId, invocation.UpdateId), cancellationToken).ConfigureAwait(false);
    }

    public override Task SubmitAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken) => StartAsync(invocation, delay, cancellationToken);

    public override async Task<Known> LookAsync(InvocationId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        try
        {
            var (memo, running) = await MemoAsync(id.WorkflowId, cancellationToken).ConfigureAwait(false);
            if (memo.KeyHash != id.KeyHash)
            {
                return new Known(KnownState.Unknown);
            }
            return running
                ? new Known(KnownState.Running, Fingerprint: memo.Fingerprint, CurrentStatus: "running")
                : new Known(KnownState.Ready, await ResultAsync(id, memo, cancellationToken).ConfigureAwait(false), memo.Fingerprint, "closed");
        }
        catch (Exception e) when (EngineFaults.IsNotFound(e))
        {
            return new Known(KnownState.Unknown);
        }
    }

    public override async Task<Reply> AttachAsync(InvocationId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        var (memo, _) = await MemoAsync(id.WorkflowId, cancellationToken).ConfigureAwait(false);
        return await ResultAsync(id, memo, cancellationToken).ConfigureAwait(false);
    }

    public override Task CancelAsync(InvocationId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return client().GetWorkflowHandle(id.WorkflowId).CancelAsync(new WorkflowCancelOptions { Rpc = new() { CancellationToken = cancellationToken } });
    }

    private async Task StartAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var options = new WorkflowOptions(invocation.WorkflowId, taskQueue)
        {
            IdConflictPolicy = WorkflowIdConflictPolicy.Fail,
            IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
            StartDelay = delay > TimeSpan.Zero ? delay : null,
            Rpc = new() { CancellationToken = cancellationToken },
            Memo = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [FingerprintMemo] = invocation.Fingerprint,
                [KeyHashMemo] = invocation.KeyHash,
                [NonceMemo] = invocation.Nonce,
                [CreatedMemo] = now,
                [ExpiresMemo] = now + invocation.KeyTtl,
            },
        };
        try
        {
            await client().StartWorkflowAsync(workflowType, [invocation.Request], options).ConfigureAwait(false);
        }
        catch (WorkflowAlreadyStartedException)
        {
            var (memo, running) = await MemoAsync(invocation.WorkflowId, cancellationToken).ConfigureAwait(false);
            if (memo.KeyHash != invocation.KeyHash || (!invocation.HasKey && memo.Fingerprint != invocation.Fingerprint))
            {
                throw new ProblemException(running
                    ? new(ProblemType.InProgress, "Another request on this object is under way.") { InvocationId = invocation.Id }
                    : new(ProblemType.ObjectExists, "The object was already made by another request.") { InvocationId = invocation.Id });
            }
            if (memo.Fingerprint != invocation.Fingerprint)
            {
                throw new ProblemException(new(ProblemType.KeyReused, "The idempotency key was used with another body. Send the first body again, or use a new key.")
                {
                    InvocationId = invocation.Id,
                    ExpectedFingerprint = memo.Fingerprint,
                    ActualFingerprint = invocation.Fingerprint,
                });
            }
        }
    }

    private async Task<(Memo Memo, bool Running)> MemoAsync(string workflowId, CancellationToken cancellationToken)
    {
        var description = await client().GetWorkflowHandle(workflowId).DescribeAsync(
            new WorkflowDescribeOptions { Rpc = new() { CancellationToken = cancellationToken } }).ConfigureAwait(false);
        async Task<T?> Read<T>(string name) => description.Memo.TryGetValue(name, out var value) ? await value.ToValueAsync<T>().ConfigureAwait(false) : default;
        var memo = new Memo(
            await Read<string>(FingerprintMemo).ConfigureAwait(false) ?? "",
            await Read<string>(KeyHashMemo).ConfigureAwait(false) ?? "",
            await Read<string>(NonceMemo).ConfigureAwait(false) ?? "",
            await Read<DateTimeOffset>(CreatedMemo).ConfigureAwait(false),
            await Read<DateTimeOffset>(ExpiresMemo).ConfigureAwait(false));
        return (memo, description.Status == WorkflowExecutionStatus.Running);
    }

    private async Task<Reply> ResultAsync(InvocationId id, Memo memo, CancellationToken cancellationToken)
    {
        try
        {
            var result = await client().GetWorkflowHandle(id.WorkflowId).GetResultAsync<JsonElement>(rpcOptions: new() { CancellationToken = cancellationToken }).ConfigureAwait(false);
            return new Reply(StatusCodes.Status201Created, (json, _) => Write(json, result))
            {
                Outcome = "completed", Nonce = memo.Nonce, Created = memo.Created, Expires = memo.Expires,
            };
        }
        catch (WorkflowFailedException e)
        {
            var problem = new Problem(ProblemType.InvocationFailed, e.InnerException?.Message ?? "The invocation failed.") { InvocationId = id.ToString() };
            return new Reply(problem.Status, null) { Problem = problem, Outcome = "failed", Nonce = memo.Nonce, Created = memo.Created, Expires = memo.Expires };
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement result)
    {
        if (result.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in result.EnumerateObject())
            {
                member.WriteTo(json);
            }
        }
        else
        {
            json.WritePropertyName("result");
            result.WriteTo(json);
        }
    }

    private sealed record Memo(string Fingerprint, string KeyHash, string Nonce, DateTimeOffset Created, DateTimeOffset Expires);
}

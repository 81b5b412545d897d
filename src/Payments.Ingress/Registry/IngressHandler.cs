using System.Text.Json;

namespace Payments.Ingress;

/// <summary>
/// One <c>Service/handler</c>. It says which workflow is meant and what its answers look like; keys, fingerprints, waiting, replays, problems, metrics and
/// traces are the ingress's business. Registered once at start; thread-safe.
/// </summary>
public abstract class IngressHandler(string service, string name)
{
    public string Service { get; } = service;

    public string Name { get; } = name;

    /// <summary>Refuse a call without a key. Otherwise the path id stands for the key.</summary>
    public virtual bool KeyRequired => false;

    /// <summary>A call without a key stands for itself: it is never a replay of an earlier one.</summary>
    public virtual bool UnkeyedIsNew => false;

    /// <summary>Whether an empty body is <c>{}</c>.</summary>
    public virtual bool BodyOptional => false;

    /// <summary>Makes the request from the body, with everything that can be checked without asking anyone.</summary>
    /// <exception cref="ProblemException">The body is not valid.</exception>
    public abstract object Prepare(JsonElement body);

    public abstract string WorkflowIdOf(string merchant, string objectId, string keyHash);

    /// <summary>Whether a workflow of this id is one of this handler's.</summary>
    public abstract bool Owns(string workflowId);

    /// <summary>Runs the request, or attaches to it, and waits for the outcome. Called once for all callers that share an identity.</summary>
    public abstract Task<Reply> RunAsync(Invocation invocation, CancellationToken cancellationToken);

    /// <summary>Puts the request into the history, so that it survives everything, without waiting for it.</summary>
    public abstract Task SubmitAsync(Invocation invocation, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>What is known of the invocation; never runs it.</summary>
    public abstract Task<Known> LookAsync(InvocationId id, CancellationToken cancellationToken);

    /// <summary>Waits for an invocation that was taken before.</summary>
    public abstract Task<Reply> AttachAsync(InvocationId id, CancellationToken cancellationToken);

    public abstract Task CancelAsync(InvocationId id, CancellationToken cancellationToken);
}

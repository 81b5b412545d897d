namespace Payments.Ingress;

/// <summary>One call of a handler, after everything that can be said from the request alone.</summary>
public sealed class Invocation
{
    public required IngressHandler Handler { get; init; }

    public required string Merchant { get; init; }

    /// <summary>The object that is called: the path id.</summary>
    public required string ObjectId { get; init; }

    /// <summary>Only for the echo; nothing stores or logs it.</summary>
    public string? RawKey { get; init; }

    public required string KeyHash { get; init; }

    public string? SearchHash { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>New for each call; see <see cref="Workflows.CallInfo"/>.</summary>
    public required string Nonce { get; init; }

    public required TimeSpan KeyTtl { get; init; }

    /// <summary>The object's id is made from the key.</summary>
    public bool Bound { get; init; }

    /// <summary>What the handler made of the body.</summary>
    public required object Request { get; init; }

    /// <summary>The address under which the caller knows the payment, for rendering.</summary>
    public required Shape Shape { get; init; }

    public bool HasKey => RawKey is not null;

    /// <summary>Set when the invocation was named by its id.</summary>
    public InvocationId? Given { get; init; }

    public string WorkflowId => field ??= Given?.WorkflowId ?? Handler.WorkflowIdOf(Merchant, ObjectId, KeyHash);

    public string UpdateId => field ??= Given?.UpdateId ?? Ids.PaymentIds.Update(Handler.Name, KeyHash, Fingerprint);

    /// <summary>What identifies the work itself: calls with the same value share one execution and one wait.</summary>
    public string Identity => field ??= WorkflowId + "\n" + UpdateId;

    public string Id => field ??= new InvocationId(WorkflowId, UpdateId).ToString();

    public Workflows.CallInfo Call => field ??= new(KeyHash, Fingerprint, Nonce, HasKey, KeyTtl, SearchHash, Bound);
}

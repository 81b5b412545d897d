namespace Payments.Ingress;

/// <summary>Section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>How long a key's record lives, from the acceptance of its request.</summary>
    public TimeSpan KeyTtl { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a call waits for its outcome when it does not say <c>Prefer: wait=N</c>.</summary>
    public TimeSpan WaitDefault { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait a call may ask for.</summary>
    public TimeSpan WaitMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What <c>Retry-After</c> says on 202, 409, 429 and 503. At least a second: the header has no fractions.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary><c>Ok</c>: a replay is 200. <c>Original</c>: it has the code of the first answer.</summary>
    public ReplayStatus ReplayStatus { get; set; } = ReplayStatus.Ok;

    /// <summary>422, or 409 for teams that expect it.</summary>
    public int MismatchStatus { get; set; } = StatusCodes.Status422UnprocessableEntity;

    /// <summary>Whether <c>POST /payments</c> needs a key. Without one each call is another payment.</summary>
    public bool RequireKey { get; set; } = true;

    /// <summary>False leaves <c>cached</c> out, so that replays are identical byte for byte.</summary>
    public bool IncludeCached { get; set; } = true;

    /// <summary>Final outcomes kept at the door; 0 keeps none.</summary>
    public int CachedOutcomes { get; set; } = 50_000;
}

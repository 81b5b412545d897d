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

public enum ReplayStatus
{
    Ok,
    Original,
}

/// <summary>Section <c>Limits</c>.</summary>
public sealed class LimitOptions
{
    public long BodyBytes { get; set; } = 64 * 1024;

    /// <summary>In minor units of whatever currency.</summary>
    public long AmountMinorUnits { get; set; } = 99_999_999_999;

    /// <summary>Requests in flight on one payment; Temporal itself allows ten updates.</summary>
    public int InFlightPerPayment { get; set; } = 10;

    /// <summary>Sustained requests per second and merchant; 0 for no limit.</summary>
    public double RequestsPerSecond { get; set; }

    /// <summary>Requests that may come at once before the limit bites.</summary>
    public int Burst { get; set; } = 100;

    /// <summary>The longest delay of a send.</summary>
    public TimeSpan DelayMax { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a status or output question waits for a worker.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Section <c>Payments</c>.</summary>
public sealed class PaymentOptions
{
    /// <summary>How long a captured payment can be refunded.</summary>
    public TimeSpan RefundWindow { get; set; } = TimeSpan.FromDays(180);

    public string TaskQueue { get; set; } = Workflows.TaskQueues.Payments;

    /// <summary>The merchant of a call that names none, where authentication is off.</summary>
    public string DefaultMerchant { get; set; } = "default";
}

/// <summary>Section <c>Protection</c>: switches that take one protection away, to show what it does. Refused outside the lab.</summary>
public sealed class ProtectionOptions
{
    /// <summary>False: each call gets a random update id and key hash, so the engine cannot tell a retry from a new request.</summary>
    public bool UpdateIds { get; set; } = true;
}

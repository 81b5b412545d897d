namespace Payments.Ingress;

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

    /// <summary>How long the engine may take to put a request into its history before the caller is told 503: a commit takes milliseconds, a stalled disk seconds.</summary>
    public TimeSpan SubmitTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

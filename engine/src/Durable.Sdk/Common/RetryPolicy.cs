namespace Temporalio.Common;

/// <summary>When a failed activity or workflow is tried again.</summary>
public record RetryPolicy
{
    /// <summary>The wait before the second attempt. Default 1 s.</summary>
    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Each wait is so many times the one before. Default 2.</summary>
    public float BackoffCoefficient { get; set; } = 2;

    /// <summary>The longest wait; null: 100 times <see cref="InitialInterval"/>.</summary>
    public TimeSpan? MaximumInterval { get; set; }

    /// <summary>Attempts altogether; 0: no limit.</summary>
    public int MaximumAttempts { get; set; }

    /// <summary>Error types that are not tried again.</summary>
    public IReadOnlyCollection<string>? NonRetryableErrorTypes { get; set; }
}

using Temporalio.Common;
using Temporalio.Workflows;

namespace Payments.Workflows;

/// <summary>Every timeout and retry of the workflows, each with its reason.</summary>
public static class PaymentTimeouts
{
    /// <summary>One request to the gateway. A worker that died holds its activity for this long, and the outcome has to be there within 30 s of a crash.</summary>
    public static readonly TimeSpan GatewayCall = TimeSpan.FromSeconds(10);

    /// <summary>The HTTP request ends before its activity does, so that the activity can say what it knows instead of being timed out.</summary>
    public static readonly TimeSpan GatewayHttp = TimeSpan.FromSeconds(8);

    /// <summary>Tries of a gateway that refuses connections or says 503, before the payment shows as pending_reconciliation: most restarts take less.</summary>
    public static readonly TimeSpan FirstTries = TimeSpan.FromSeconds(45);

    /// <summary>First pause of the reconciliation. A crash between charge and answer is the usual reason, and then the first look-up finds the charge.</summary>
    public static readonly TimeSpan ReconcileFirst = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause of the reconciliation: an outage of hours ends within a minute of the gateway's return.</summary>
    public static readonly TimeSpan ReconcileMax = TimeSpan.FromMinutes(1);

    /// <summary>The pause after this many rounds in vain: doubled from <see cref="ReconcileFirst"/> up to <see cref="ReconcileMax"/>.</summary>
    public static TimeSpan ReconcilePause(int rounds) =>
        rounds > 6 ? ReconcileMax : TimeSpan.FromTicks(Math.Min(ReconcileMax.Ticks, ReconcileFirst.Ticks << Math.Max(0, rounds - 1)));

    /// <summary>After this many rounds (about ten minutes) each further one is logged as an error: a person should look.</summary>
    public const int ReconcileAlertAfter = 12;

    /// <summary>A payment without an accepted request is nobody's: it goes away.</summary>
    public static readonly TimeSpan EmptyLife = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A run ends here even with requests under way. Above the 4,096 events at which Temporal suggests it, which is heeded as soon as the payment is idle, and far
    /// from the 51,200 at which it terminates a run and from the 2,000 updates that a run may have: one request is about ten events.
    /// </summary>
    public const int ContinueAsNewEvents = 5_000;

    /// <summary>
    /// Keys that a payment keeps. All of them travel in one payload when a run ends, and 2 MB is the limit of that; a thousand are about one.
    /// </summary>
    public const int KeysMax = 1_000;

    /// <summary>Refused submissions that are remembered for whoever asks: enough for a burst, bounded against a flood.</summary>
    public const int RefusalsKept = 100;

    /// <summary>First tries of a charge or refund: quick at first, because most failures are short, and never longer than 2 s apart within <see cref="FirstTries"/>.</summary>
    public static ActivityOptions Call(string summary) => new()
    {
        StartToCloseTimeout = GatewayCall,
        ScheduleToCloseTimeout = FirstTries,
        RetryPolicy = new RetryPolicy
        {
            InitialInterval = TimeSpan.FromMilliseconds(100),
            BackoffCoefficient = 2,
            MaximumInterval = TimeSpan.FromSeconds(2),
            NonRetryableErrorTypes = [GatewayFailures.OutcomeUnknown],
        },
        // A cancel request must not abandon a charge whose outcome nobody then knows: money is given up by voiding its key.
        CancellationToken = CancellationToken.None,
        Summary = summary,
    };

    /// <summary>One round of the reconciliation: a single try, because the workflow itself waits and comes again.</summary>
    public static ActivityOptions Round(string summary) => new()
    {
        StartToCloseTimeout = GatewayCall,
        ScheduleToCloseTimeout = TimeSpan.FromSeconds(30),
        RetryPolicy = new RetryPolicy { MaximumAttempts = 2, InitialInterval = TimeSpan.FromMilliseconds(100) },
        CancellationToken = CancellationToken.None,
        Summary = summary,
    };

    /// <summary>Voiding goes on until the gateway has said yes or no: without that, "cancelled" would be a guess.</summary>
    public static ActivityOptions Void(string summary) => new()
    {
        StartToCloseTimeout = GatewayCall,
        RetryPolicy = new RetryPolicy { InitialInterval = TimeSpan.FromMilliseconds(200), MaximumInterval = TimeSpan.FromSeconds(10) },
        CancellationToken = CancellationToken.None,
        Summary = summary,
    };
}

namespace Payments.Ingress;

/// <summary>One log line per duplicate.</summary>
public sealed partial class DuplicateLog(ILogger<DuplicateLog> logger) : IIngressHooks
{
    public void OnDuplicate(DuplicateSeen duplicate)
    {
        ArgumentNullException.ThrowIfNull(duplicate);
        LogDuplicate(logger, duplicate.Service, duplicate.Handler, duplicate.KeyHash, duplicate.Customer, duplicate.Amount, duplicate.FirstSeen);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Duplicate {Service}/{Handler}: key {KeyHash}, customer {Customer}, amount {Amount}, first seen {FirstSeen:O}")]
    private static partial void LogDuplicate(
        ILogger logger, string service, string handler, string keyHash, string? customer, string? amount, DateTimeOffset? firstSeen);
}

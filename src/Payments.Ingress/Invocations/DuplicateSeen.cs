namespace Payments.Ingress;

/// <summary>A replay, as <see cref="IIngressHooks.OnDuplicate"/> sees it. The key only as its hash.</summary>
public sealed record DuplicateSeen(
    string Service, string Handler, string Merchant, string KeyHash, string? Customer, string? Amount, DateTimeOffset? FirstSeen, bool FromDoor);

/// <summary>Code of the host that wants to know about duplicates; add implementations to the services. Called on the request's path: be quick, do not throw.</summary>
public interface IIngressHooks
{
    void OnDuplicate(DuplicateSeen duplicate);
}

/// <summary>One log line per duplicate.</summary>
public sealed partial class DuplicateLog(ILogger<DuplicateLog> logger) : IIngressHooks
{
    public void OnDuplicate(DuplicateSeen duplicate)
    {
        ArgumentNullException.ThrowIfNull(duplicate);
        LogDuplicate(logger, duplicate.Service, duplicate.Handler, duplicate.KeyHash, duplicate.Customer, duplicate.Amount, duplicate.FirstSeen);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Duplicate {Service}/{Handler}: key {KeyHash}, customer {Customer}, amount {Amount}, first seen {FirstSeen}")]
    private static partial void LogDuplicate(
        ILogger logger, string service, string handler, string keyHash, string? customer, string? amount, DateTimeOffset? firstSeen);
}

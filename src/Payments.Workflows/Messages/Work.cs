namespace Payments.Workflows;

/// <summary>A request that was taken and has no outcome yet, in a form with which a later run of the payment can go on. Exactly one of the commands is set.</summary>
/// <param name="Due">When it is to run; in the past for at once.</param>
public sealed record Work(CreateCommand? Create, RefundCommand? Refund, CancelCommand? Cancel, DateTimeOffset Due)
{
    /// <summary>What a refund has reserved; 0 before it is decided.</summary>
    public long Reserved { get; set; }

    /// <summary>How often the gateway was asked in vain about a charge.</summary>
    public int Rounds { get; set; }
}

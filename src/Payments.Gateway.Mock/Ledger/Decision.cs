namespace Payments.Gateway.Mock.Ledger;

/// <summary>What the ledger decided, and the record the answer is made from.</summary>
/// <param name="Record">On a repetition and a mismatch the first request's, else this request's own.</param>
/// <param name="Durable">Completes when the decision, and all before it, is on the disk: nobody may be told earlier.</param>
public sealed record Decision(string Outcome, LedgerEntry Record, bool Repetition, Task Durable);

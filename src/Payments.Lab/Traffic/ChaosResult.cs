namespace Payments.Lab.Traffic;

/// <param name="Wrong">A line for each acknowledged payment that the ledger does not have exactly once, and for each key whose answers contradict each other.</param>
public sealed record ChaosResult(int Payments, int Kills, long Calls, IReadOnlyList<string> Wrong);

namespace Payments.Lab.Processes;

/// <param name="ExitCode">137 and the like: killed by a signal.</param>
/// <param name="LastLines">Of this life, not of those before.</param>
/// <param name="Restarts">It is being started again now.</param>
public sealed record ProcessDeath(int ExitCode, IReadOnlyList<string> LastLines, bool Restarts);

namespace Payments.Lab.Watch;

/// <summary>One row of <c>lab status</c>.</summary>
public sealed record ProcessStatus(string Name, int? Pid, bool Ready, int Starts, string Health);

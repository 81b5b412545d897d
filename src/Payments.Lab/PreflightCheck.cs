namespace Payments.Lab;

/// <summary>One thing that must be so before anything is started.</summary>
/// <param name="What">What was looked at, in a few words.</param>
/// <param name="Problem">What is wrong and what to do about it; null when all is well.</param>
public sealed record PreflightCheck(string What, string? Problem);

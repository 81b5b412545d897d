namespace Payments.Client;

public sealed record PaymentsClientOptions
{
    /// <summary>Where keys are kept. In memory by default, which a restart forgets: a shop keeps them beside its orders.</summary>
    public IKeyStore Keys { get; init; } = new MemoryKeyStore();

    /// <summary>Makes a key for an intent that has none: random, so that two callers never share one by accident.</summary>
    public Func<string> MintKey { get; init; } = () => Guid.NewGuid().ToString();

    /// <summary>Tries of one call, the first included.</summary>
    public int AttemptsMax { get; init; } = 10;

    /// <summary>First pause; doubles with each try.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause, unless the service asks for more.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No new try starts later than this after the first.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(2);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>From 0 to 1, for the jitter.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}

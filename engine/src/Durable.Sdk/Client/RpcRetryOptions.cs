namespace Temporalio.Client;

public class RpcRetryOptions : ICloneable
{
    public RpcRetryOptions()
    {
    }

    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan? MaxElapsedTime { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(5);

    public int MaxRetries { get; set; } = 10;

    public float Multiplier { get; set; } = 1.5f;

    public float RandomizationFactor { get; set; } = 0.2f;

    public virtual object Clone() => MemberwiseClone();
}

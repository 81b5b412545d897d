namespace Temporalio.Client;

public class RpcOptions : ICloneable
{
    public RpcOptions()
    {
    }

    public IReadOnlyCollection<KeyValuePair<string, byte[]>>? BinaryMetadata { get; set; }

    public CancellationToken? CancellationToken { get; set; }

    public IReadOnlyCollection<KeyValuePair<string, string>>? Metadata { get; set; }

    /// <summary>Null: calls of the client are tried again, raw calls of a service are not.</summary>
    public bool? Retry { get; set; }

    public TimeSpan? Timeout { get; set; }

    public virtual object Clone() => MemberwiseClone();

    /// <summary>A copy whose token is cancelled by either; the source is to be disposed after the call.</summary>
    protected internal Tuple<RpcOptions, CancellationTokenSource?> WithAdditionalCancellationToken(CancellationToken? cancellationToken)
    {
        if (cancellationToken is not { } more)
        {
            return new(this, null);
        }
        var copy = (RpcOptions)Clone();
        if (CancellationToken is not { } own)
        {
            copy.CancellationToken = more;
            return new(copy, null);
        }
        var source = CancellationTokenSource.CreateLinkedTokenSource(own, more);
        copy.CancellationToken = source.Token;
        return new(copy, source);
    }
}

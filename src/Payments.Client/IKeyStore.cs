namespace Payments.Client;

/// <summary>Remembers which key an intent got. Must be as durable as the intent itself.</summary>
public interface IKeyStore
{
    /// <summary>The intent's key; a new one is kept before it is returned. Two calls at once get the same key.</summary>
    ValueTask<string> GetOrAddAsync(string intent, Func<string> mint, CancellationToken cancellationToken);
}

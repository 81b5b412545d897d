using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Temporalio.Client.Internal;

/// <summary>Lists that come in pages.</summary>
internal sealed partial class ClientRoot
{
    private static ByteString Token(byte[]? token) => token is null ? ByteString.Empty : ByteString.CopyFrom(token);

    private static byte[]? Token(ByteString token) => token.IsEmpty ? null : token.ToByteArray();

    /// <summary>Pages as one sequence; the token of the enumeration ends the calls too.</summary>
    /// <param name="limit">0: all.</param>
    private static async IAsyncEnumerable<T> PagedAsync<T>(
        int limit,
        RpcOptions? rpc,
        Func<byte[]?, RpcOptions?, Task<(IReadOnlyCollection<T> Items, byte[]? Next)>> fetch,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit, "Limit");
        var (options, source) = (rpc ?? new()).WithAdditionalCancellationToken(cancellationToken);
        using (source)
        {
            byte[]? token = null;
            var given = 0;
            do
            {
                var (items, next) = await fetch(token, options).ConfigureAwait(false);
                foreach (var item in items)
                {
                    yield return item;
                    if (limit > 0 && ++given >= limit)
                    {
                        yield break;
                    }
                }
                token = next;
            }
            while (token is not null);
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Durable.Server.Storage;

/// <summary>
/// Where a page of a list ended: the next page begins behind it, whatever has started or closed in between.
/// Open runs come first, newest start first, then closed ones, latest close first; equal times by run id.
/// </summary>
/// <param name="Place">Close time, or start time while open.</param>
public readonly record struct VisibilityPosition(bool IsClosed, DateTimeOffset Place, string RunId)
{
    private const int FixedBytes = 9;

    public static VisibilityPosition Of(VisibilityRow row) => new(row.CloseTime is not null, row.CloseTime ?? row.StartTime, row.Key.RunId);

    /// <returns>Null for no token.</returns>
    /// <exception cref="FormatException">Not a token of this server.</exception>
    public static VisibilityPosition? Read(byte[]? token)
    {
        if (token is null)
        {
            return null;
        }
        var ticks = token.Length > FixedBytes ? BinaryPrimitives.ReadInt64BigEndian(token.AsSpan(1)) : -1;
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks && token[0] <= 1
            ? new(token[0] == 1, new DateTimeOffset(ticks, TimeSpan.Zero), Encoding.UTF8.GetString(token, FixedBytes, token.Length - FixedBytes))
            : throw new FormatException("not a page token of this server");
    }

    /// <summary>A page that ends exactly at the last row still has a token, as the genuine server's; the page after it is empty.</summary>
    public static byte[]? NextToken(IReadOnlyList<VisibilityRow> page, int pageSize) =>
        page.Count > 0 && page.Count == pageSize ? Of(page[^1]).ToToken() : null;

    public byte[] ToToken()
    {
        var token = new byte[FixedBytes + Encoding.UTF8.GetByteCount(RunId)];
        token[0] = IsClosed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), Place.UtcTicks);
        Encoding.UTF8.GetBytes(RunId, token.AsSpan(FixedBytes));
        return token;
    }

    /// <summary>Negative: this comes before the other in a list.</summary>
    public int CompareTo(VisibilityPosition other) =>
        IsClosed != other.IsClosed ? (IsClosed ? 1 : -1)
        : Place != other.Place ? other.Place.CompareTo(Place)
        : string.CompareOrdinal(RunId, other.RunId);
}

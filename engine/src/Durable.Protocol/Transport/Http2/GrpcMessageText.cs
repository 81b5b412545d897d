using System.Text;

namespace Durable.Protocol.Http2;

/// <summary><c>grpc-message</c>: UTF-8, percent-encoded outside printable ASCII.</summary>
public static class GrpcMessageText
{
    public static string Encode(string text)
    {
        var plain = true;
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' or '%')
            {
                plain = false;
                break;
            }
        }
        if (plain)
        {
            return text;
        }
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is < (byte)' ' or > (byte)'~' or (byte)'%')
            {
                encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                encoded.Append((char)b);
            }
        }
        return encoded.ToString();
    }

    /// <summary>Lenient, as the protocol asks: a broken escape stays as it is.</summary>
    public static string Decode(string text) => text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
}
